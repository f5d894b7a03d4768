import type { Messages } from './en.js';

/** 排空节点。 */
export const drain: Pick<Messages, 'drain'> = {
  drain: {
    drain: '排空…',
    dialogTitle: '排空 {name}？',
    lead: '节点将被封锁，其上的 Pod 将被驱逐：由其所有者在其他节点重新创建，速度不超过中断预算的限制。',
    submit: '排空',
    loading: '正在查看其 Pod…',
    nothing: '没有 Pod 在其上运行',
    summary:
      '{goes, plural, =0 {没有 Pod 离开} other {# 个 Pod 离开}}{held, plural, =0 {} other {，其中 # 个目前被预算阻止}}；{stays, plural, =0 {没有 Pod 留下} other {# 个留下}}。',
    running: '{name} 正在排空。',
    consentFirst: '请先同意将丢失的内容。',
    consent: {
      emptyDir: '同意丢失 Pod 在 emptyDir 卷中的数据',
      unmanaged: '同意丢失没有控制器重新创建的 Pod',
    },
    preview: '其 Pod 的去向',
    pod: 'Pod',
    outcome: '去向',
    budget: '中断预算',
    goes: '离开',
    stays: { daemon: '留下：属于 DaemonSet', mirror: '留下：节点的静态 Pod' },
    loses: { emptyDir: 'emptyDir 数据将丢失', unmanaged: '将丢失：没有控制器重新创建' },
    verdict: {
      allows: '允许',
      waits: '其他 Pod 恢复后允许',
      blocks: '阻止：健康 {has, number} 个，需要 {needs, number} 个',
      several: '阻止：受多个预算保护',
    },
    title: '排空',
    phase: { running: '正在排空', done: '已排空', stopped: '已停止', failed: '失败' },
    counts:
      '已离开 {gone, number} / {total, plural, other {# 个 Pod}}{refused, plural, =0 {} other {，# 个被预算阻止}}',
    state: {
      waiting: '等待中',
      asked: '请求中',
      refused: '被拒绝，5 秒后重试',
      leaving: '正在离开',
      gone: '已离开',
      failed: '失败',
    },
    said: '服务器的说明',
    stop: '停止',
    stoppedHint: '已驱逐的 Pod 不会恢复，节点保持封锁。',
    dismiss: '关闭',
  },
};
