import { readFileSync } from 'node:fs';
import {
  asIs,
  assumptionTexts,
  CERTIFICATE_LIMITS,
  coverageRows,
  EVIDENCE_LABELS,
  identifierText,
  LANGUAGES,
  type PaperLanguage,
  placeText,
  SEVERITY_LABELS,
  SUPERSESSION_LABELS,
  type Text,
  utcTime,
} from '@backcheck/contract';
import {
  type Closure,
  entryHash,
  fingerprintOf,
  type PublicKey,
  sha256Hex,
  type Witness,
} from '@backcheck/core';
import type { StoredCertificate } from '@backcheck/db';
import qrcode from 'qrcode';
import type { Paper } from '../platform/paper/press.ts';
import { WORDS } from './paper-words.ts';

const TEMPLATE = readFileSync(new URL('./certificate.typ', import.meta.url), 'utf8');

/** A title is a stranger's text of any length; the machine-readable form has all of it. */
const LONGEST = 400;
/** Of a hash that is only there to be recognized. */
const SHORT_HASH = 12;

interface Fact {
  readonly label: Text;
  readonly value: Text;
  /** A hash or the like: in a typeface whose characters cannot be mistaken. */
  readonly code: boolean;
}

export interface PaperParts {
  readonly id: string;
  readonly certificate: StoredCertificate;
  /** The machine-readable form, as it is downloaded. */
  readonly text: string;
  readonly publicKey: PublicKey;
  /** Where this server is reached; null: the QR code holds the hash alone. */
  readonly publicUrl: string | null;
  readonly language: PaperLanguage;
}

/** What the QR code says: the page that verifies, with the hash where no server log sees it. */
export function verificationAddress(sha256: string, publicUrl: string | null): string {
  return publicUrl === null ? sha256 : `${publicUrl}/verify#${sha256}`;
}

/** The same certificate and standing give the same paper. */
export async function certificatePaper(parts: PaperParts): Promise<Paper> {
  const sha256 = sha256Hex(parts.text);
  const code = verificationAddress(sha256, parts.publicUrl);
  const qr = await qrcode.toString(code, { type: 'svg', margin: 1, errorCorrectionLevel: 'M' });
  return { template: TEMPLATE, data: dataOf(parts, sha256, code), drawings: { qr } };
}

/** All that stands on the paper, as the template reads it. */
function dataOf(parts: PaperParts, sha256: string, code: string) {
  const { id, certificate, publicUrl, language } = parts;
  const { closure } = certificate.proof;
  return {
    languages: language === 'both' ? LANGUAGES : [language],
    title: { zh: `${WORDS.heading.zh} ${id}`, en: `${WORDS.heading.en} ${id}` },
    heading: WORDS.heading,
    number: { label: WORDS.number, value: id },
    footer: { zh: `${WORDS.heading.zh} ${id} · SHA-256`, en: `${WORDS.heading.en} ${id} · SHA-256` },
    sha256,
    code,
    scanMe: publicUrl === null ? WORDS.hashOnly : WORDS.scanMe,
    superseded: supersededNote(certificate),
    statement: certificate.supersession === null ? WORDS.statement : WORDS.statementThen,
    facts: findingFacts(closure),
    columns: [WORDS.condition, WORDS.needed, WORDS.brought],
    witnesses: closure.witnesses.map((witness, index) => ({
      heading: numbered(WORDS.proof, index, closure.witnesses.length),
      facts: witnessFacts(witness),
      rows: coverageRows(closure, witness),
    })),
    ledger: { heading: WORDS.ledger, facts: ledgerFacts(certificate) },
    signature: { heading: WORDS.signature, facts: signatureFacts(parts, sha256, code) },
    limits: { heading: WORDS.limits, texts: CERTIFICATE_LIMITS },
  };
}

function supersededNote({ supersession }: StoredCertificate): { stamp: Text; line: Text } | null {
  if (supersession === null) return null;
  const { zh, en } = SUPERSESSION_LABELS[supersession.cause];
  const at = utcTime(supersession.at);
  return {
    stamp: WORDS.superseded,
    line: {
      zh: `本证明自 ${at} 起失效：${zh}。它对当时的陈述仍然真实。`,
      en: `No longer stands since ${at}: ${en}. What it says about its time remains true.`,
    },
  };
}

function findingFacts({ organization, finding, need, at }: Closure): Fact[] {
  const { transport, port, check, locus } = finding.key;
  const cve = finding.cve.join(', ');
  const severity = SEVERITY_LABELS[finding.severity];
  return [
    plain(WORDS.organization, cut(organization.name)),
    plain(WORDS.title, cut(finding.title)),
    said(WORDS.severity, { zh: `${severity.zh} ${cve}`.trimEnd(), en: `${severity.en} ${cve}`.trimEnd() }),
    said(WORDS.asset, {
      zh: cut(finding.asset.map((one) => identifierText(one).zh).join('、')),
      en: cut(finding.asset.map((one) => identifierText(one).en).join(', ')),
    }),
    said(WORDS.place, placeText(transport, port)),
    plain(WORDS.check, check),
    ...(locus === '' ? [] : [plain(WORDS.locus, cut(locus))]),
    plain(WORDS.seen, `${utcTime(need.first)} – ${utcTime(need.last)}`),
    coded(WORDS.lastSeenIn, need.scan),
    plain(WORDS.goneSince, utcTime(at)),
  ];
}

function witnessFacts(witness: Witness): Fact[] {
  const { scan, visit, claim, profile } = witness;
  const { name, version, feed } = scan.tool;
  const tool = [name, version].filter((part) => part !== null).join(' ');
  const of = (language: 'zh' | 'en') => [
    tool,
    `${WORDS.format[language]} ${scan.format}`,
    ...(feed === null ? [] : [`${WORDS.feed[language]} ${feed}`]),
  ];
  const { label, meaning } = EVIDENCE_LABELS[claim.evidence];
  const assumed = assumptionTexts(witness);
  return [
    said(WORDS.tool, { zh: of('zh').join('，'), en: of('en').join(', ') }),
    plain(
      WORDS.time,
      [visit.startedAt, visit.finishedAt].flatMap((one) => (one === null ? [] : [utcTime(one)])).join(' – '),
    ),
    plain(WORDS.vantage, scan.vantage),
    said(WORDS.evidence, { zh: `${label.zh}。${meaning.zh}`, en: `${label.en}. ${meaning.en}` }),
    ...(assumed.length === 0
      ? [said(WORDS.assumptions, WORDS.none)]
      : assumed.map((one) => said(WORDS.assumptions, one))),
    ...(profile === undefined
      ? []
      : [
          plain(
            WORDS.profile,
            `${profile.name} ${profile.version} (SHA-256 ${profile.sha256.slice(0, SHORT_HASH)}…)`,
          ),
        ]),
    coded(WORDS.file, scan.sha256),
  ];
}

function ledgerFacts({ proof, ledger }: StoredCertificate): Fact[] {
  const { entry, leafIndex, inclusionProof } = ledger;
  const at = utcTime(entry.at);
  const path = inclusionProof.map((hash) => hash.slice(0, SHORT_HASH));
  return [
    said(WORDS.entry, {
      zh: `第 ${entry.seq} 条，${at}；第 ${leafIndex + 1} 项，共 ${entry.leaves} 项`,
      en: `${entry.seq}, ${at}; leaf ${leafIndex + 1} of ${entry.leaves}`,
    }),
    coded(WORDS.leaf, proof.leaf),
    coded(WORDS.root, entry.root),
    path.length === 0 ? said(WORDS.path, WORDS.none) : coded(WORDS.path, path.join(' → ')),
    coded(WORDS.entryHash, entryHash(entry)),
  ];
}

function signatureFacts({ publicKey }: PaperParts, sha256: string, code: string): Fact[] {
  return [
    coded(WORDS.fingerprint, fingerprintOf(publicKey)),
    coded(WORDS.sha256, sha256),
    code === sha256 ? said(WORDS.verifyAt, WORDS.command) : plain(WORDS.verifyAt, code.split('#')[0] ?? ''),
  ];
}

const numbered = (text: Text, index: number, of: number): Text =>
  of === 1 ? text : { zh: `${text.zh} ${index + 1}/${of}`, en: `${text.en} ${index + 1}/${of}` };
const said = (label: Text, value: Text): Fact => ({ label, value, code: false });
const plain = (label: Text, value: string): Fact => said(label, asIs(value));
const coded = (label: Text, value: string): Fact => ({ ...plain(label, value), code: true });
const cut = (text: string): string => (text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}…`);
