import type { Instant } from '../observe/record.ts';
import type { ChineseGrade } from '../score/grade.ts';
import type { NoticeKind, PaperLanguage } from './vocabulary.ts';

interface Text {
  readonly zh: string;
  readonly en: string;
}

/** One finding as the paper names it. */
export interface NoticeFinding {
  /** Of the finding, as the screens name it. */
  readonly id: string;
  readonly asset: string;
  /** "tcp 443" or "" for the whole asset. */
  readonly place: string;
  readonly check: string;
  /** As the tool has it. */
  readonly title: string;
  /** What the product calls the problem; left out where it has no name for it. */
  readonly name?: Text;
  /** What is to be done, as far as the product can tell. */
  readonly measure?: Text;
  readonly cve: readonly string[];
  readonly grade: ChineseGrade;
  readonly firstSeen: Instant;
  readonly dueAt: Instant | null;
  /** Which row of which policy gave the date; null: a person set it. */
  readonly dueBasis: Text | null;
  /** Retest results and closing notices: how it ended. */
  readonly outcome: 'proven' | 'still-present' | 'inconclusive' | null;
  readonly certificateId: string | null;
}

/** What a tool says of one check, in its own words and language; "" where it says nothing. */
export interface NoticeExplanation {
  readonly check: string;
  readonly description: string;
  readonly harm: string;
  readonly advice: string;
}

/**
 * What a notice says, frozen when it is submitted; canonical JSON (RFC 8785) of it is what the hash on the paper is of.
 * The same content gives the same paper in each language. `number` and `issuedAt` come with the issue. What was added to it
 * after papers had been issued is optional, so that their hashes stay what they are.
 */
export interface NoticeContent {
  readonly version: 1;
  readonly kind: NoticeKind;
  readonly language: PaperLanguage;
  /** "〔2026〕第12号" as the template of the series made it. */
  readonly number: string;
  readonly issuedAt: Instant;
  /** IANA name in which dates are printed. */
  readonly timeZone: string;
  /** Who issues it. */
  readonly authority: Text;
  readonly organization: {
    readonly id: string;
    readonly code: string;
    readonly name: string;
    readonly nameZh: string | null;
  };
  /** Whom it is addressed to in the organization; "" for the organization as such. */
  readonly addressee: string;
  readonly title: Text;
  /** Version and effective date stand in the text itself; empty: none is named. */
  readonly legalBasis: string;
  /** Paragraphs as somebody wrote them, in the languages that the paper has. */
  readonly body: { readonly zh: readonly string[]; readonly en: readonly string[] };
  readonly findings: readonly NoticeFinding[];
  /** What tools say of the checks of its findings, each check once; left out: the paper has no annex. */
  readonly annex?: {
    readonly explanations: readonly NoticeExplanation[];
    /** Checks that are explained too, beyond what one paper has room for. */
    readonly more: number;
  };
  /** The date for all of it; null: each finding has its own, or none is set. */
  readonly dueAt: Instant | null;
  /** Decisions: what was asked and what became of it. */
  readonly decision: {
    readonly asked: Text;
    readonly granted: boolean;
    readonly reason: string;
    readonly until: Instant | null;
  } | null;
  /** What follows when it is not done; left out: nothing is said of it. */
  readonly consequences?: string;
  /** Where to reply and to object, whom to call. */
  readonly contact: string;
  /** Number of the notice that this one follows. */
  readonly refersTo: string | null;
  readonly drafter: string;
  readonly approver: string;
  /** Traffic Light Protocol 2.0 (FIRST): how far it may be passed on. */
  readonly tlp: 'RED' | 'AMBER+STRICT' | 'AMBER' | 'GREEN' | 'CLEAR';
}
