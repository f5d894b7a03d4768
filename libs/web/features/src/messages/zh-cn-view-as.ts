import type { Messages } from './en.js';

/** 以他人身份查看。 */
export const viewing: Pick<Messages, 'viewAs'> = {
  viewAs: {
    open: '以他人身份查看…',
    title: '以他人身份查看',
    lead: '在结束之前，您看到的和能做的与其完全相同。您所做的更改会记录为由其通过您完成。',
    user: '人员',
    groups: '组，用逗号分隔',
    groupsHint: '若您有权查看，则按该人员的团队填写。',
    submit: '查看',
    noUser: '请填写人员。',
    unsayable: '无法将这样的名称告知服务器。',
    region: '正在以他人身份查看',
    bar: '您正在以 {user} 的身份查看',
    withGroups: '所属组：{groups}',
    end: '结束',
    endHint: '结束以他人身份查看',
  },
};
