import { type Closure, type LedgerPlace, leafHash } from '@backcheck/core';
import {
  CLEAN_BY_NESSUS,
  CLEAN_BY_TESTSSL,
  closureBetween,
  explicitClosure,
  placeInLedger,
  SEEN_BY_NESSUS,
  SEEN_BY_TESTSSL,
  silentClosure,
} from '../packages/core/src/prove/closure.fixture.ts';
import { rewitnessed, signed, statementFor, unproven, type Vector, valid } from './certificate-vectors.ts';

const explicit = explicitClosure();
const silent = silentClosure();

const declaredBy = (by: 'coordinator' | 'organization'): Closure =>
  closureBetween(
    [SEEN_BY_TESTSSL],
    [{ ...CLEAN_BY_TESTSSL, scan: { timeSource: 'declared' }, from: { declaredBy: by } }],
  );

const twoPlaces = closureBetween(
  [SEEN_BY_TESTSSL, { ...SEEN_BY_TESTSSL, day: '03-03', from: { vantage: 'internet' } }],
  [CLEAN_BY_TESTSSL, { ...CLEAN_BY_TESTSSL, day: '04-12', from: { vantage: 'internet' } }],
);

const awkward: Closure = {
  ...explicit,
  finding: { ...explicit.finding, title: 'quotes " \\ , control \u0007, line \u2028, 弱口令, 😀' },
};

function firstEntry(): LedgerPlace {
  const place = placeInLedger(leafHash(explicit), { leaves: 1, leafIndex: 0 });
  return { ...place, entry: { ...place.entry, seq: 1, previous: '0'.repeat(64) }, previousEntry: null };
}

export function validVectors(): Vector[] {
  const large = placeInLedger(leafHash(silent), { leaves: 1000, leafIndex: 999 });
  const clean = signed(statementFor(explicit));
  const issued = (closure: Closure, place?: LedgerPlace) => signed(statementFor(closure, place));
  return [
    valid('explicit', clean, 'E3: testssl says that the check ran on the port and found nothing'),
    valid('silent', issued(silent), 'E2: Nessus reached the port, ran the plugin and is silent'),
    { ...valid('pinned-key', clean, 'signed by the key that the reader asked for'), key: 'test-key.pem' },
    valid('no-final-newline', clean.trimEnd(), 'the newline at the end of the file may be missing'),
    valid('declared-time', issued(declaredBy('coordinator')), 'A-time: declared by the coordinator'),
    valid('two-vantages', issued(twoPlaces), 'seen from two places, gone from both'),
    valid('first-entry', issued(explicit, firstEntry()), 'the only leaf of the first ledger entry'),
    valid('last-of-1000', issued(silent, large), 'the last leaf of a tree that is not full'),
    valid(
      'awkward-title',
      issued(awkward),
      'characters that canonical JSON must escape, and some it must not',
    ),
  ];
}

const but = (change: Parameters<typeof rewitnessed>[1]): Closure => rewitnessed(silent, change);
const needing = (change: Partial<Closure['need']>): Closure => ({
  ...silent,
  need: { ...silent.need, ...change },
});

const elsewhere = [{ kind: 'ip', value: '192.0.2.8' }] as const;
const withCard = (mac: string) => [
  { kind: 'ip', value: '192.0.2.7' } as const,
  { kind: 'mac', value: mac } as const,
];
const otherCard = closureBetween(
  [{ ...SEEN_BY_NESSUS, identifiers: withCard('00:00:5e:00:53:01') }],
  [{ ...CLEAN_BY_NESSUS, identifiers: withCard('00:00:5e:00:53:02') }],
);
const early = closureBetween([SEEN_BY_NESSUS], [{ ...CLEAN_BY_NESSUS, day: '02-01' }]);
const between = closureBetween([SEEN_BY_NESSUS, { ...SEEN_BY_NESSUS, day: '05-01' }], [CLEAN_BY_NESSUS]);
const selfSent = closureBetween(
  [SEEN_BY_TESTSSL],
  [{ ...CLEAN_BY_TESTSSL, from: { submittedBy: 'organization' } }],
);
const otherPlace = closureBetween(
  [SEEN_BY_TESTSSL],
  [{ ...CLEAN_BY_TESTSSL, from: { vantage: 'internet' } }],
);
const { tool } = CLEAN_BY_NESSUS;

type Row = readonly [name: string, review: string, closure: Closure, why: string];

const WRONG_PLACE: readonly Row[] = [
  [
    'other-asset',
    'asset',
    closureBetween([SEEN_BY_NESSUS], [{ ...CLEAN_BY_NESSUS, identifiers: elsewhere }]),
    'the scan visited another asset',
  ],
  [
    'other-tool',
    'tool',
    but({ scan: { tool: { ...tool, name: 'nmap' } } }),
    'nmap does not run Nessus plugins',
  ],
  ['not-reached', 'reached', but({ visit: { reached: false } }), 'the asset did not answer'],
  ['port-outside', 'port', but({ claim: { ports: '1-442' } }), 'port 443 is not in 1-442'],
  ['port-other-transport', 'port', but({ claim: { transport: 'udp' } }), 'udp says nothing on tcp'],
  [
    'port-unreadable',
    'port',
    but({ claim: { ports: '1-442,x,443' } }),
    'a half-readable list covers nothing',
  ],
  [
    'check-not-run',
    'check',
    but({ claim: { checks: { ranges: '51193-51300' } } }),
    'the plugin is not in the range',
  ],
  ['locus-elsewhere', 'locus', but({ claim: { within: ['/login'] } }), 'the claim speaks of another place'],
  ['other-vantage', 'covers', otherPlace, 'looked for from where it never was seen'],
  [
    'one-vantage-missing',
    'vantages',
    { ...twoPlaces, witnesses: twoPlaces.witnesses.slice(1) },
    'seen from two places, gone from one',
  ],
];

const WEAK_CLAIM: readonly Row[] = [
  [
    'assumed-silence',
    'covers',
    but({ claim: { evidence: 'E1', assumptions: ['A-launched'] } }),
    'E1 does not close: that the plugin was launched is assumed',
  ],
  ['no-evidence', 'covers', but({ claim: { evidence: 'E0' } }), 'E0 takes an answer away'],
  ['weaker-method', 'covers', but({ claim: { method: 'banner' } }), 'a banner does not answer for a probe'],
  [
    'less-privilege',
    'covers',
    needing({ credential: 'privileged' }),
    'seen with privilege, looked for without',
  ],
  [
    'older-feed',
    'covers',
    but({ scan: { tool: { ...tool, feed: '202510010000' } } }),
    'the feed is older than that of the last presence',
  ],
  [
    'no-feed',
    'covers',
    but({ scan: { tool: { ...tool, feed: null } } }),
    'a feed was stated before, now none is',
  ],
  [
    'older-version',
    'covers',
    but({ scan: { tool: { ...tool, version: '9.9.9' } } }),
    'version 9 is older than 10',
  ],
  ['incomplete', 'covers', but({ scan: { complete: false } }), 'silence in a scan that did not end'],
  ['identity-conflict', 'covers', otherCard, 'another network card answers at the same address'],
  ['self-submitted', 'covers', selfSent, 'the inspected organization sent the file itself'],
];

const WRONG_TIME: readonly Row[] = [
  ['older-than-last-presence', 'covers', early, 'clean before the weakness appeared'],
  ['between-presences', 'covers', between, 'clean in April, seen again in May'],
  [
    'no-time',
    'covers',
    but({ scan: { timeSource: 'none' }, visit: { startedAt: null } }),
    'the file does not say when it was made and nobody declared it',
  ],
  [
    'time-from-nowhere',
    'time-source',
    but({ scan: { timeSource: 'none' } }),
    'a start, although neither the file nor anybody states a time',
  ],
  [
    'declared-time-unnamed',
    'time-source',
    rewitnessed(declaredBy('coordinator'), { claim: { assumptions: [] } }),
    'the time was declared, but A-time is not among the assumptions',
  ],
  [
    'self-declared-time',
    'covers',
    declaredBy('organization'),
    'the inspected organization declared the time',
  ],
  [
    'stands-too-early',
    'decisive',
    { ...silent, at: '2026-04-01T00:00:00.000Z' },
    'it stands from before the witness looked',
  ],
];

/** Consistent and signed in every respect; the closure itself does not stand. */
export const unprovenVectors = (): Vector[] =>
  [...WRONG_PLACE, ...WEAK_CLAIM, ...WRONG_TIME].map((row) => unproven(...row));
