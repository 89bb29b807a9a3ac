import type { Reason } from '@backcheck/core';
import type { Label } from './labels.ts';
import type { Text } from './text.ts';

/** Why a scan did not close a finding, and what to do so that the next one can. */
export const REASON_LABELS = {
  NO_HOST: {
    label: { zh: '未到达资产', en: 'Asset not reached' },
    meaning: {
      zh: '扫描没有到达这台资产，没有报告不等于已修复。',
      en: 'The scan did not reach this asset, so its silence proves nothing.',
    },
    remedy: {
      zh: '确认资产在线且在扫描范围内，再扫描一次。',
      en: 'Make sure that the asset is up and in the scope, then scan again.',
    },
  },
  NO_TIME: {
    label: { zh: '没有扫描时间', en: 'No time of the scan' },
    meaning: {
      zh: '文件没有说明何时扫描，可能早于问题出现。',
      en: 'The file does not say when the scan was made; it may be older than the finding.',
    },
    remedy: {
      zh: '导入时填写扫描时间，或使用带时间的输出格式。',
      en: 'Declare the time at import, or use an output format that states it.',
    },
  },
  PORT_OUTSIDE: {
    label: { zh: '端口不在范围内', en: 'Port outside the scan' },
    meaning: {
      zh: '扫描到达了资产，但没有检查这个端口。',
      en: 'The scan reached the asset but did not examine this port.',
    },
    remedy: { zh: '把该端口加入扫描范围。', en: 'Add the port to the range of the scan.' },
  },
  CHECK_NOT_RUN: {
    label: { zh: '检测项未运行', en: 'Check not run' },
    meaning: {
      zh: '扫描没有在此运行该检测项，或没有得到结果。',
      en: 'The scan did not run this check here, or the check gave no result.',
    },
    remedy: { zh: '启用该检测项后再扫描。', en: 'Enable the check and scan again.' },
  },
  WEAKER_METHOD: {
    label: { zh: '方法或权限不足', en: 'Weaker method' },
    meaning: {
      zh: '当初的发现用了更强的方法或账号，这次扫描看得没有那么深。',
      en: 'The finding was seen with a stronger method or credential than this scan had.',
    },
    remedy: {
      zh: '使用同等或更高的账号权限和方法。',
      en: 'Scan with at least the same credential and method.',
    },
  },
  OLDER_FEED: {
    label: { zh: '检测库或工具较旧', en: 'Older feed or tool' },
    meaning: {
      zh: '这次的检测库或工具版本比发现时旧，或无法比较。',
      en: 'The feed or tool of this scan is older than the one that saw the finding, or cannot be compared.',
    },
    remedy: { zh: '更新扫描器和检测库后再扫描。', en: 'Update the scanner and its feed, then scan again.' },
  },
  INCOMPLETE: {
    label: { zh: '扫描不完整', en: 'Incomplete scan' },
    meaning: {
      zh: '扫描被中断或文件被截断，没有说完的部分不作数。',
      en: 'The scan was interrupted or the file is cut; what it did not finish does not count.',
    },
    remedy: {
      zh: '让扫描完整结束，再导入完整的文件。',
      en: 'Let the scan finish and import the whole file.',
    },
  },
  FILTERED_REPORT: {
    label: { zh: '报告经过过滤', en: 'Filtered report' },
    meaning: {
      zh: '导出时的过滤条件可能隐藏了这个问题。',
      en: 'A filter of the export may have hidden the finding.',
    },
    remedy: { zh: '不加过滤地重新导出报告。', en: 'Export the report again without a filter.' },
  },
  TIMEOUT: {
    label: { zh: '超时', en: 'Timed out' },
    meaning: { zh: '扫描器在该资产上超时，结果不完整。', en: 'The scanner ran out of time on this asset.' },
    remedy: {
      zh: '延长超时时间或缩小范围后再扫描。',
      en: 'Allow more time or a smaller scope, then scan again.',
    },
  },
  OTHER_VANTAGE: {
    label: { zh: '扫描位置不同', en: 'Other vantage' },
    meaning: {
      zh: '问题是从另一个网络位置发现的，这次的位置可能看不到它。',
      en: 'The finding was seen from another place in the network; from here it may be hidden.',
    },
    remedy: { zh: '从发现问题的同一位置再扫描。', en: 'Scan from the place where the finding was seen.' },
  },
  STALE: {
    label: { zh: '扫描早于最近一次发现', en: 'Older than the last sighting' },
    meaning: {
      zh: '这次扫描开始的时间不晚于最近一次发现。',
      en: 'This scan did not start after the finding was last seen.',
    },
    remedy: { zh: '整改之后再扫描一次。', en: 'Scan again, after the fix.' },
  },
  SELF_SUBMITTED: {
    label: { zh: '由被检单位提交', en: 'Submitted by the organization' },
    meaning: {
      zh: '文件或其时间只由被检单位自己担保。',
      en: 'Only the inspected organization vouches for the file or for its time.',
    },
    remedy: { zh: '由检查方复测。', en: 'Have the coordinator retest it.' },
  },
  BLOCKED: {
    label: { zh: '被拦截', en: 'Blocked' },
    meaning: {
      zh: '端口被过滤或请求被拦截，没有看到服务本身。',
      en: 'The port was filtered or the requests were blocked, so the service itself was not seen.',
    },
    remedy: {
      zh: '在防护设备上放行扫描器，再扫描一次。',
      en: 'Let the scanner through the filter, then scan again.',
    },
  },
  IDENTITY_CONFLICT: {
    label: { zh: '资产身份冲突', en: 'Identity conflict' },
    meaning: {
      zh: '在该地址应答的是另一台机器，或无法确认是同一台（动态地址、负载均衡）。',
      en: 'Another machine answered at this address, or it is not certain which (DHCP, load balancing).',
    },
    remedy: {
      zh: '核对资产登记，确认是哪一台机器；负载均衡的资产请在一天以上的时间内多次复测。',
      en: 'Check the register: which machine is this? Where several answer in turn, retest several times over more than a day.',
    },
  },
  UNSTEADY: {
    label: { zh: '结果不稳定', en: 'Unsteady' },
    meaning: {
      zh: '问题消失后又出现过，或扫描结果在一天内互相矛盾，一次未发现不足以销号。',
      en: 'It was gone and came back before, or scans contradicted each other within a day: one clean scan is not enough.',
    },
    remedy: {
      zh: '多次复测：反复出现的，至少两次未发现且相隔三天；结果互相矛盾的，至少五次未发现且前后跨一天。',
      en: 'Retest several times: what keeps coming back, twice over three days; what scans disagree about, five times over a day.',
    },
  },
} as const satisfies Record<Reason, Label & { readonly remedy: Text }>;
