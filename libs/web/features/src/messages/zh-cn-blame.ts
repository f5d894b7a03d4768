import type { Messages } from './en.js';

/** 字段由谁设置。 */
export const blaming: Pick<Messages, 'blame'> = {
  blame: {
    title: '每个字段由谁设置',
    lead: '截至修订版本 {revision}：{fields, plural, other {# 个字段}}，由 {changes, plural, other {# 次变更}}设置。',
    find: '查找字段、人员或客户端',
    field: '字段',
    who: '谁',
    when: '时间',
    change: '变更 {revision}',
    create: '创建',
    update: '更新',
    delete: '删除',
    unknown: '早于历史记录的保留范围',
    incomplete: '历史记录没有追溯到所有字段被设置之时。更早设置的字段已标出。',
    more: '还有 {count, plural, other {# 个字段}}未列出。',
    showMore: '再显示 {count} 个',
    none: '没有匹配的字段',
    gone: '历史记录中没有此变更',
    goneHint: '它早于历史记录的保留范围，或者您无权在那里查看。',
  },
};
