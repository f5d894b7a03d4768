import type { Messages } from './en.js';

/** What is said where objects are made from a text, in simplified Chinese. */
export const applying: Pick<Messages, 'apply'> = {
  apply: {
    title: '创建与应用',
    open: '创建或应用 YAML',
    editor: '要应用的 YAML',
    file: '添加文件…',
    try: '比较',
    apply: '应用',
    results: '结果',
    nothingYet: '粘贴 YAML，或将文件拖放到此处',
    hint: '可包含任意多个文档。“比较”让服务器试运行而不保存，并显示会改变什么；“应用”则以字段管理者 {manager} 的身份保存。未写命名空间的对象归入 {namespace}。',
    noText: '还没有可应用的内容。',
    misread: '当前文本无法解析。',
    past: '过去是只读的。',
    tooLarge: '加入 {name} 后文本过长，请使用 kubectl apply。',
    left: '还剩 {count, plural, other {# 个对象}}…',
    tried:
      '尚未保存：将创建 {created, number} 个，将更改 {configured, number} 个，{unchanged, number} 个不变，{failed, number} 个目前无法应用。',
    done: '已创建 {created, number} 个，已更改 {configured, number} 个，{unchanged, number} 个不变，{failed, number} 个失败。',
    would: {
      created: '将创建',
      configured: '将更改',
      unchanged: '不变',
      conflict: '部分字段归他人管理',
      later: '等待 {what}',
      refused: '被拒绝',
    },
    did: {
      created: '已创建',
      configured: '已更改',
      unchanged: '不变',
      conflict: '部分字段归他人管理',
      later: '等待 {what}',
      refused: '被拒绝',
    },
    field: '字段',
    owner: '归属',
    force: '接管这些字段（强制）',
    show: '显示',
    hide: '隐藏',
    changesOf: '{name} 的变化',
  },
};
