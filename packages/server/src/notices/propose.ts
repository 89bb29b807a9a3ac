import {
  LANGUAGES,
  LONGEST_TITLE,
  MOST_FINDINGS_OF_NOTICE,
  type NoticeDraft,
  type NoticeFilter,
  type Text,
} from '@backcheck/contract';
import { DEMANDS, type Instant, type NoticeKind, type PaperLanguage } from '@backcheck/core';
import {
  chooseFindings,
  findingsOfRetest,
  findOrganization,
  numberOfIssued,
  officeOf,
  type Tx,
} from '@backcheck/db';
import { dueIfNotified } from '../deadlines/due-if-notified.ts';
import { cutTo } from '../findings/cut.ts';
import { found } from '../organizations/refusal.ts';
import { factsOfAll } from './content.ts';
import { placesOf } from './places.ts';
import { fillPlaces, PROPOSED_WORDS } from './words.ts';

export interface Proposing {
  readonly organizationId: number;
  readonly kind: NoticeKind;
  readonly language?: PaperLanguage;
  /** Chosen by hand; else by `which`, else by what suits the kind. */
  readonly findingIds?: readonly string[] | undefined;
  readonly which?: NoticeFilter | undefined;
  /** Of these only what this measure mends. */
  readonly fixId?: string | null;
  readonly retestId?: string | undefined;
  /** The issued notice that it follows. */
  readonly refersTo?: string | null | undefined;
  readonly decision?: NoticeDraft['decision'];
  readonly dueAt?: Instant | null;
  /** Words of a batch instead of the kind's own. */
  readonly words?: { readonly title: Text; readonly body: Text };
  readonly now: Date;
}

const SUITS: Readonly<Record<NoticeKind, NoticeFilter>> = {
  inspection: 'none',
  rectification: 'unnoticed',
  circular: 'unnoticed',
  reminder: 'overdue',
  supervision: 'overdue',
  'extension-decision': 'none',
  'exception-decision': 'none',
  'retest-result': 'none',
  closing: 'proven',
};

/** A draft with words, findings and dates that suit its kind. Nothing is stored. @throws Problem NOTICE_FINDINGS */
export async function proposeNotice(
  tx: Tx,
  proposing: Proposing,
): Promise<{ readonly draft: NoticeDraft; readonly leftOut: number }> {
  const { organizationId, kind, language = 'zh', refersTo = null, decision = null, now } = proposing;
  const organization = found(await findOrganization(tx, organizationId));
  const { ids, total } = await choose(tx, proposing);
  const facts = await factsOfAll(tx, organizationId, ids);
  const office = await officeOf(tx, organizationId);
  const at = now.toISOString();
  const dueAt = proposing.dueAt ?? null;
  // Of what is overdue already the days are counted, whatever date the notice sets.
  const dues =
    ids.length === 0 ? new Map() : await dueIfNotified(tx, { organizationId, findingIds: ids, at });
  const number = refersTo === null ? null : await numberOfIssued(tx, { organizationId, noticeId: refersTo });
  const places = placesOf({ organization, facts, dues, dueAt, number, at, timeZone: office.timeZone });
  const words = proposing.words ?? PROPOSED_WORDS[kind];
  return {
    draft: {
      kind,
      language,
      addressee: '',
      title: shortTitle(inLanguages(fillPlaces(words.title, places), language)),
      legalBasis: office.legalBasis,
      body: inLanguages(fillPlaces(words.body, places), language),
      findingIds: facts.map(({ id }) => id),
      dueAt,
      // What was withdrawn or superseded since is followed by nothing.
      refersTo: number === null ? null : refersTo,
      replaces: null,
      decision,
      consequences: DEMANDS.includes(kind) ? office.consequences : '',
      contact: office.contact,
      tlp: 'AMBER',
    },
    leftOut: total - ids.length,
  };
}

async function choose(
  tx: Tx,
  { organizationId, kind, findingIds, which = SUITS[kind], fixId, retestId, now }: Proposing,
): Promise<{ readonly ids: readonly string[]; readonly total: number }> {
  if (findingIds !== undefined) return { ids: findingIds, total: findingIds.length };
  if (retestId !== undefined) {
    const ids = await findingsOfRetest(tx, organizationId, retestId);
    return { ids, total: ids.length };
  }
  if (which === 'none') return { ids: [], total: 0 };
  return chooseFindings(tx, { organizationId, which, fixId, kind, at: now, limit: MOST_FINDINGS_OF_NOTICE });
}

/** Only the languages that the paper has. */
function inLanguages(text: Text, language: PaperLanguage): Text {
  const [zh, en] = LANGUAGES.map((one) => (language === 'both' || language === one ? text[one] : ''));
  return { zh: zh ?? '', en: en ?? '' };
}

/** A long name may fill a short place. */
const shortTitle = ({ zh, en }: Text): Text => ({
  zh: cutTo(LONGEST_TITLE, zh),
  en: cutTo(LONGEST_TITLE, en),
});
