import { type Closure, type LedgerPlace, leafHash } from '@backcheck/core';
import {
  CLEAN_BY_NESSUS,
  CLEAN_BY_TESTSSL,
  closureBetween,
  explicitClosure,
  ORGANIZATION,
  placeInLedger,
  SEEN_BY_NESSUS,
  SEEN_BY_TESTSSL,
  silentClosure,
} from '../packages/core/src/prove/closure.fixture.ts';
import { edited, editedWitness, signed, statementFor, unproven, valid, type Vector } from './certificate-vectors.ts';

const explicit = explicitClosure();
const silent = silentClosure();

const declaredTime = (by: 'coordinator' | 'organization'): Closure =>
  closureBetween([SEEN_BY_TESTSSL], [{ ...CLEAN_BY_TESTSSL, scan: { timeSource: 'declared' }, from: { declaredBy: by } }]);

const bothPlaces = (): Closure =>
  closureBetween(
    [SEEN_BY_TESTSSL, { ...SEEN_BY_TESTSSL, day: '03-03', from: { vantage: 'internet' } }],
    [CLEAN_BY_TESTSSL, { ...CLEAN_BY_TESTSSL, day: '04-12', from: { vantage: 'internet' } }],
  );

const awkwardTitle = (): Closure =>
  edited(explicit, (draft) => {
    draft.finding.title = 'quotes " \\ , control \u0007, line \u2028, 弱口令, 😀';
  });

function firstEntry(closure: Closure): LedgerPlace {
  const place = placeInLedger(leafHash(closure), { leaves: 1, leafIndex: 0 });
  const entry = { ...place.entry, seq: 1, previous: '0'.repeat(64) };
  return { ...place, entry, previousEntry: null };
}

export function validVectors(): Vector[] {
  const awkward = awkwardTitle();
  const large = placeInLedger(leafHash(silent), { leaves: 1000, leafIndex: 999 });
  const clean = signed(statementFor(explicit));
  return [
    valid('explicit', clean, 'E3: testssl says that the check ran on the port and found nothing'),
    valid('silent', signed(statementFor(silent)), 'E2: Nessus reached the port, ran the plugin and is silent'),
    { ...valid('pinned-key', clean, 'signed by the key that the reader asked for'), key: 'test-key.pem' },
    valid('no-final-newline', clean.trimEnd(), 'the newline at the end of the file may be missing'),
    valid('declared-time', signed(statementFor(declaredTime('coordinator'))), 'A-time: declared by the coordinator'),
    valid('two-vantages', signed(statementFor(bothPlaces())), 'seen from two places, gone from both'),
    valid('first-entry', signed(statementFor(explicit, firstEntry(explicit))), 'the only leaf of the first ledger entry'),
    valid('last-of-1000', signed(statementFor(silent, large)), 'the last leaf of a tree that is not full'),
    valid('awkward-title', signed(statementFor(awkward)), 'characters that canonical JSON must escape, and some it must not'),
  ];
}

function wrongPlaceVectors(): Vector[] {
  const elsewhere = [{ kind: 'ip', value: '192.0.2.8' }] as const;
  const claimed = (edit: Parameters<typeof editedWitness>[1]) => editedWitness(silent, edit);
  return [
    unproven('other-asset', 'asset', closureBetween([SEEN_BY_NESSUS], [{ ...CLEAN_BY_NESSUS, identifiers: elsewhere }]), 'the scan visited another asset'),
    unproven('other-tool', 'tool', claimed(({ scan }) => void (scan.tool.name = 'nmap')), 'nmap does not run Nessus plugins'),
    unproven('not-reached', 'reached', claimed(({ visit }) => void (visit.reached = false)), 'the asset did not answer'),
    unproven('port-outside', 'port', claimed(({ claim }) => void (claim.ports = '1-442')), 'port 443 is not in 1-442'),
    unproven('port-other-transport', 'port', claimed(({ claim }) => void (claim.transport = 'udp')), 'udp says nothing on tcp'),
    unproven('port-unreadable', 'port', claimed(({ claim }) => void (claim.ports = '1-442,x,443')), 'a half-readable list covers nothing'),
    unproven('check-not-run', 'check', claimed(({ claim }) => void (claim.checks = { ranges: '51193-51300' })), 'the plugin is not in the range'),
    unproven('locus-elsewhere', 'locus', claimed(({ claim }) => void (claim.within = ['/login'])), 'the claim speaks of another place'),
  ];
}

function weakClaimVectors(): Vector[] {
  const claimed = (edit: Parameters<typeof editedWitness>[1]) => editedWitness(silent, edit);
  const need = (edit: Parameters<typeof edited<Closure>>[1]) => edited(silent, edit);
  return [
    unproven('assumed-silence', 'covers', claimed(({ claim }) => Object.assign(claim, { evidence: 'E1', assumptions: ['A-launched'] })), 'E1 does not close: that the plugin was launched is assumed'),
    unproven('no-evidence', 'covers', claimed(({ claim }) => void (claim.evidence = 'E0')), 'E0 takes an answer away'),
    unproven('weaker-method', 'covers', claimed(({ claim }) => void (claim.method = 'banner')), 'a banner does not answer for a probe'),
    unproven('less-privilege', 'covers', need((draft) => void (draft.need.credential = 'privileged')), 'seen with privilege, looked for without'),
    unproven('older-feed', 'covers', claimed(({ scan }) => void (scan.tool.feed = '202510010000')), 'the feed is older than that of the last presence'),
    unproven('older-version', 'covers', claimed(({ scan }) => void (scan.tool.version = '9.0.0')), 'version 9 is older than 10'),
    unproven('incomplete', 'covers', claimed(({ scan }) => void (scan.complete = false)), 'silence in a scan that did not end'),
    unproven('identity-conflict', 'covers', editedIdentity(), 'another agent answers at the same address'),
  ];
}

function editedIdentity(): Closure {
  const seen = [{ kind: 'ip', value: '192.0.2.7' }, { kind: 'mac', value: '00:00:5e:00:53:01' }] as const;
  const met = [{ kind: 'ip', value: '192.0.2.7' }, { kind: 'mac', value: '00:00:5e:00:53:02' }] as const;
  return closureBetween([{ ...SEEN_BY_NESSUS, identifiers: seen }], [{ ...CLEAN_BY_NESSUS, identifiers: met }]);
}

function wrongTimeVectors(): Vector[] {
  const older = { ...CLEAN_BY_NESSUS, day: '02-01', scan: { tool: { name: 'nessus', version: '10.8.3', feed: '202611200001' } } };
  const between = closureBetween([SEEN_BY_NESSUS, { ...SEEN_BY_NESSUS, day: '05-01' }], [CLEAN_BY_NESSUS]);
  const noTime = editedWitness(silent, ({ scan, visit }) => {
    scan.timeSource = 'none';
    visit.startedAt = null;
  });
  const undated = editedWitness(silent, ({ scan }) => void (scan.timeSource = 'none'));
  const unnamed = editedWitness(declaredTime('coordinator'), ({ claim }) => void (claim.assumptions = []));
  return [
    unproven('older-than-last-presence', 'covers', closureBetween([SEEN_BY_NESSUS], [older]), 'clean before the weakness appeared'),
    unproven('between-presences', 'after', between, 'clean in April, seen again in May'),
    unproven('no-time', 'covers', noTime, 'the file does not say when it was made and nobody declared it'),
    unproven('time-from-nowhere', 'time-source', undated, 'a start, although neither the file nor anybody states a time'),
    unproven('declared-time-unnamed', 'time-source', unnamed, 'the time was declared, but A-time is not among the assumptions'),
    unproven('stands-too-early', 'decisive', edited(silent, (draft) => void (draft.at = '2026-04-01T00:00:00.000Z')), 'it stands from before the witness looked'),
  ];
}

function wrongPartyVectors(): Vector[] {
  const selfSent = closureBetween([SEEN_BY_TESTSSL], [{ ...CLEAN_BY_TESTSSL, from: { submittedBy: 'organization' } }]);
  const onePlace = edited(bothPlaces(), (draft) => {
    draft.witnesses.shift();
  });
  const otherPlace = closureBetween([SEEN_BY_TESTSSL], [{ ...CLEAN_BY_TESTSSL, from: { vantage: 'internet' } }]);
  return [
    unproven('self-submitted', 'covers', selfSent, 'the inspected organization sent the file itself'),
    unproven('self-declared-time', 'covers', declaredTime('organization'), 'the inspected organization declared the time'),
    unproven('one-vantage-missing', 'vantages', onePlace, 'seen from two places, gone from one'),
    unproven('other-vantage', 'covers', otherPlace, 'looked for from where it never was seen'),
  ];
}

/** Consistent and signed in every respect; the closure itself does not stand. */
export function unprovenVectors(): Vector[] {
  return [...wrongPlaceVectors(), ...weakClaimVectors(), ...wrongTimeVectors(), ...wrongPartyVectors()];
}
