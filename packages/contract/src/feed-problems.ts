import type { ProblemText } from './problems.ts';

/** Refusals of feeds; a part of PROBLEMS. */
export const FEED_PROBLEMS = {
  FEED_UNREADABLE: {
    status: 422,
    title: { zh: '数据源文件无法使用', en: 'The file of the feed cannot be used' },
    detail: {
      zh: '{placeZh}{reasonZh}。没有导入任何内容，仍使用原来的版本。',
      en: '{placeEn}{reasonEn}. Nothing of it was taken in; the version before is still in use.',
    },
  },
  FEED_OLDER: {
    status: 409,
    title: { zh: '文件比正在使用的版本旧', en: 'The file is older than the version in use' },
    detail: {
      zh: '文件发布于 {offered}，正在使用的版本发布于 {inUse}（UTC）。没有导入任何内容；确需改用旧版本的，请明确确认。',
      en: 'The file was published on {offered}, the version in use on {inUse} (UTC). Nothing was taken in; say that it is meant if the older one is to be used.',
    },
  },
  FEED_ADDRESS_REFUSED: {
    status: 422,
    title: { zh: '数据源地址不被允许', en: 'The address of the feed is not allowed' },
    detail: { zh: '地址 {host} 不可使用：{reasonZh}。', en: '{host} cannot be used: {reasonEn}.' },
  },
  FEED_UNREACHABLE: {
    status: 502,
    title: { zh: '数据源无法获取', en: 'The feed could not be fetched' },
    detail: {
      zh: '{host} 没有给出文件：{reasonZh}。仍使用原来的版本。',
      en: '{host} gave no file: {reasonEn}. The version before is still in use.',
    },
  },
  FEED_WITHOUT_ADDRESS: {
    status: 422,
    title: { zh: '未设置数据源地址', en: 'The feed has no address' },
    detail: {
      zh: '请先填写获取地址，或上传文件。',
      en: 'Give the address that it is fetched from, or upload a file.',
    },
  },
} as const satisfies Record<string, ProblemText>;
