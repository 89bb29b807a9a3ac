import { NOTICE_FILTERS, type NoticeFilter } from '@backcheck/contract';
import {
  NOTICE_KINDS,
  NOTICE_STATES,
  type NoticeKind,
  type NoticeState,
  PAPER_LANGUAGES,
  type PaperLanguage,
} from '@backcheck/core';

/** What the address of the list says; unknown values are left out. */
export interface NoticeSearch {
  readonly kind?: NoticeKind;
  readonly state?: NoticeState;
  readonly organizationId?: string;
  /** Only what nobody has confirmed to have received. */
  readonly waiting?: 'true';
}

/** From where a draft begins. */
export interface ProposalSearch {
  readonly kind: NoticeKind;
  readonly language?: PaperLanguage;
  readonly organizationId?: string;
  readonly which?: NoticeFilter;
  /** Separated by commas. */
  readonly findingIds?: string;
  readonly retestId?: string;
  readonly refersTo?: string;
}

type Search = Record<string, unknown>;

const textOf = (search: Search, key: string) => {
  const value = search[key];
  return typeof value === 'string' && value !== '' ? { [key]: value } : {};
};

export function readNoticeSearch(search: Search): NoticeSearch {
  const kind = NOTICE_KINDS.find((one) => one === search['kind']);
  const state = NOTICE_STATES.find((one) => one === search['state']);
  return {
    ...(kind === undefined ? {} : { kind }),
    ...(state === undefined ? {} : { state }),
    ...(search['waiting'] === 'true' ? { waiting: 'true' } : {}),
    ...textOf(search, 'organizationId'),
  };
}

export function readProposalSearch(search: Search): ProposalSearch {
  const which = NOTICE_FILTERS.find((one) => one === search['which']);
  const language = PAPER_LANGUAGES.find((one) => one === search['language']);
  return {
    kind: NOTICE_KINDS.find((one) => one === search['kind']) ?? 'rectification',
    ...(language === undefined ? {} : { language }),
    ...(which === undefined ? {} : { which }),
    ...textOf(search, 'organizationId'),
    ...textOf(search, 'findingIds'),
    ...textOf(search, 'retestId'),
    ...textOf(search, 'refersTo'),
  };
}

/** Of which measure a batch is; without one it is about everything. */
export interface BatchSearch {
  readonly fixId?: string;
}

export const readBatchSearch = (search: Search): BatchSearch => textOf(search, 'fixId');
