import type { Messages } from './en.js';

/** 权限。 */
export const rights: Pick<Messages, 'rights'> = {
  rights: {
    missingIn: '您不能在命名空间 {namespace} 中对 {subject} 执行 {verb}。',
    missingAnywhere: '您不能在整个集群中对 {subject} 执行 {verb}。',
    missingOne: '您不能对 {subject} {name} 执行 {verb}。',
    why: '按下可查看谁能授予该权限。',
    notAllowed: '不允许',
    title: '缺少权限',
    lead: '此操作需要您没有的权限。一旦有人授予，本页面会自动允许。',
    verb: '动词',
    kind: '类型',
    name: '名称',
    where: '范围',
    whole: '整个集群',
    inNamespace: '命名空间 {namespace}',
    couldGrant: '谁能授予',
    asking: '正在查询…',
    nobody: '没有通过角色绑定的人能授予此权限；安装的管理员可以。',
    unknown: '无法告知您谁能授予该权限。请询问管理员。服务器的说明：{message}',
    request: '需要请求的内容',
    visible: '您能看到 {count, plural, other {# 个命名空间}}',
    visibleHint: '此列表只包含您可以查看的命名空间中的内容。按下可了解查看全部所缺少的权限。',
    whoCould: '谁能授予？',
  },
};
