import {
  type AssetRecord,
  type Checks,
  type CoverageRecord,
  type Credential,
  EVIDENCE,
  type Identifier,
  type ImportedScan,
  METHODS,
  type ObservationRecord,
  type Reason,
  type RegisteredProfile,
  type ScanRecord,
  type Transport,
} from '@backcheck/core';
import fc from 'fast-check';

/**
 * Random worlds, small enough that scans meet each other: three assets, three ports, two tools. Most values
 * are the good ones, so that histories close, reopen and close again; each bad one still comes up often.
 */

const MINUTE = 60_000;
const EPOCH = Date.UTC(2026, 0, 1);
const time = (minute: number): string => new Date(EPOCH + minute * MINUTE).toISOString();

/** All scans are taken in after the last moment in which one can run. */
export const IMPORTED_AT = time(460_000);

export const mostly = <T>(good: T, ...bad: T[]): fc.Arbitrary<T> =>
  fc.oneof({ weight: 6, arbitrary: fc.constant(good) }, { weight: 1, arbitrary: fc.constantFrom(...bad) });

export interface Tool {
  readonly name: string;
  readonly ids: readonly string[];
  readonly all: Checks;
  readonly some: Checks;
  readonly loci: readonly [string, ...string[]];
  readonly worth: fc.Arbitrary<Pick<CoverageRecord, 'evidence' | 'assumptions'>>;
}

const ASSUMPTIONS = ['A-launched', 'A-ports', 'A-filter'];
const mostlySure = fc.record({
  evidence: mostly('E2' as const, ...EVIDENCE),
  assumptions: fc.subarray(ASSUMPTIONS),
});
const oftenAssumed = fc.record({
  evidence: mostly<'E0' | 'E1' | 'E2'>('E1', 'E2', 'E2', 'E2', 'E0'),
  assumptions: mostly(['A-launched'], [], ['A-launched', 'A-ports'], ASSUMPTIONS),
});

const LOCI = ['', '', '', '', '', '', 'p', 'p#1'] as const;
export const NESSUS: Tool = {
  name: 'nessus',
  ids: ['nessus:100', 'nessus:205', 'nessus:310'],
  all: { ranges: '100-400' },
  some: { ranges: '200-299' },
  loci: LOCI,
  worth: mostlySure,
};
const NMAP: Tool = {
  name: 'nmap',
  ids: ['nmap:open-port', 'nmap-script:ssl-cert'],
  all: { all: true },
  some: { ranges: '200-299' },
  loci: LOCI,
  worth: mostlySure,
};

/** Tools that report the same weaknesses: a self-signed certificate, TLS 1.0. Nessus ranks lower for the first. */
const EQUIVALENT_TOOLS: readonly Tool[] = [
  {
    name: 'nessus',
    ids: ['nessus:57582', 'nessus:104743'],
    all: { ranges: '50000-120000' },
    some: { ranges: '57000-57999' },
    loci: ['', '', '', 'p'],
    worth: oftenAssumed,
  },
  {
    name: 'sslscan',
    ids: ['sslscan:certificate-self-signed', 'sslscan:tls1.0'],
    all: { all: true },
    some: { ids: ['sslscan:tls1.0'] },
    loci: ['', '', '', 'p'],
    worth: oftenAssumed,
  },
  {
    name: 'nmap',
    ids: ['nmap-script:ssl-cert', 'nmap-script:ssl-enum-ciphers'],
    all: { all: true },
    some: { ids: ['nmap-script:ssl-cert'] },
    loci: ['self-signed', 'TLSv1.0', 'TLSv1.0#RC4'],
    worth: oftenAssumed,
  },
];

const known = (kind: Identifier['kind'], value: string): Identifier[] =>
  value === 'none' ? [] : [{ kind, value }];

const identifiers: fc.Arbitrary<Identifier[]> = fc
  .tuple(
    fc.constantFrom('192.0.2.1', '192.0.2.2', '192.0.2.3'),
    mostly('none', '00:00:5e:00:53:01', '00:00:5e:00:53:02'),
    mostly('none', 'none', 'ssh-rsa:01', 'ssh-rsa:02', 'ssh-ed25519:01'),
    mostly('none', 'none', 'none', 'S1'),
  )
  .map(([ip, mac, hostkey, serial]) => [
    { kind: 'ip', value: ip },
    ...known('mac', mac),
    ...known('hostkey', hostkey),
    ...known('serial', serial),
  ]);

const checksOf = (tool: Tool): fc.Arbitrary<Checks> =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constant<Checks>(tool.all) },
    { weight: 1, arbitrary: fc.subarray([...tool.ids]).map((ids): Checks => ({ ids })) },
    { weight: 1, arbitrary: fc.constant<Checks>(tool.some) },
  );

const within = ({ loci: [first] }: Tool): fc.Arbitrary<string[] | undefined> =>
  fc.option(fc.constantFrom<string[]>([first], ['p'], ['p', first], ['q']), { nil: undefined, freq: 3 });
const transport = mostly<Transport>('tcp', 'udp', 'none');
const reasons: Reason[] = ['BLOCKED', 'FILTERED_REPORT', 'TIMEOUT'];

function coverageArb(tool: Tool): fc.Arbitrary<Omit<CoverageRecord, 'asset'>> {
  return fc
    .record({
      transport,
      ports: mostly('0,22,443', '22', '443', '1-1024', ''),
      checks: checksOf(tool),
      method: mostly('active' as const, ...METHODS),
      worth: tool.worth,
      within: within(tool),
      reason: fc.option(fc.constantFrom(...reasons), { nil: undefined }),
    })
    .map(({ within: places, reason, worth, ...rest }) => ({
      record: 'coverage' as const,
      ...rest,
      ...worth,
      ...(places === undefined ? {} : { within: places }),
      ...(reason === undefined ? {} : { reason }),
    }));
}

export function observationArb(tool: Tool): fc.Arbitrary<Omit<ObservationRecord, 'asset'>> {
  return fc
    .record({
      transport,
      port: fc.constantFrom(22, 443, 443, 0),
      check: fc.constantFrom(...tool.ids),
      locus: fc.constantFrom(...tool.loci),
      verdict: fc.constantFrom('present' as const, 'present' as const, 'absent' as const, 'error' as const),
      method: fc.option(fc.constantFrom(...METHODS), { nil: undefined, freq: 2 }),
      credential: fc.option(fc.constantFrom('none' as const, 'user' as const), { nil: undefined, freq: 2 }),
    })
    .map(({ method, credential, ...rest }) => ({
      record: 'observation' as const,
      ...rest,
      title: `found ${rest.check}`,
      severity: 'medium' as const,
      cve: rest.port === 22 ? ['CVE-2014-0160', 'CVE-2014-3566'] : [],
      cwe: [],
      cvss: [],
      at: null,
      ...(method === undefined ? {} : { method }),
      ...(credential === undefined ? {} : { credential }),
    }));
}

export interface VisitPlan {
  readonly asset: Omit<AssetRecord, 'id' | 'startedAt' | 'finishedAt'> & {
    readonly offset: number;
    readonly length: number;
  };
  readonly coverage: readonly Omit<CoverageRecord, 'asset'>[];
  readonly observations: readonly Omit<ObservationRecord, 'asset'>[];
}

export function visitArb(tool: Tool): fc.Arbitrary<VisitPlan> {
  return fc.record({
    asset: fc
      .record({
        identifiers,
        reached: mostly(true, false),
        credential: mostly<Credential>('user', 'none', 'privileged'),
        offset: fc.integer({ min: 0, max: 3 }),
        length: fc.integer({ min: 0, max: 4 }),
        reason: fc.option(fc.constantFrom<Reason>('TIMEOUT', 'BLOCKED', 'NO_HOST', 'INCOMPLETE'), {
          nil: undefined,
          freq: 8,
        }),
      })
      .map(({ reason, ...rest }) => ({
        record: 'asset' as const,
        ...rest,
        ...(reason === undefined ? {} : { reason }),
      })),
    coverage: fc.array(coverageArb(tool), { maxLength: 3 }),
    observations: fc.array(observationArb(tool), { maxLength: 3 }),
  });
}

export function assembled(number: number, head: ScanHeadPlan, visits: readonly VisitPlan[]): ImportedScan {
  const undated = head.timeSource === 'none';
  const at = (minute: number): string | null => (undated ? null : time(minute));
  const assets = visits.map(({ asset: { offset, length, ...asset } }, index): AssetRecord => {
    const start = head.start + offset;
    return { ...asset, id: `a${index}`, startedAt: at(start), finishedAt: at(start + length) };
  });
  const scan: ScanRecord = {
    record: 'scan',
    format: head.tool.name,
    tool: { name: head.tool.name, version: head.version, feed: head.feed },
    startedAt: at(head.start),
    finishedAt: at(head.start + 8),
    timeSource: head.timeSource,
    complete: head.complete && !head.truncated,
    sha256: number.toString(16).padStart(64, '0'),
    ...(head.truncated ? { truncated: true } : {}),
  };
  return {
    scan,
    assets,
    coverage: visits.flatMap(({ coverage }, index) =>
      coverage.map((one) => ({ ...one, asset: `a${index}` })),
    ),
    observations: visits.flatMap(({ observations }, index) =>
      observations.map((one) => ({ ...one, asset: `a${index}` })),
    ),
    warnings: [],
    importedAt: IMPORTED_AT,
    vantage: head.vantage,
    submittedBy: head.submittedBy,
    declaredBy: head.timeSource === 'declared' ? head.declaredBy : null,
    quarantined: false,
  };
}

export interface ScanHeadPlan {
  readonly tool: Tool;
  readonly version: string | null;
  readonly feed: string | null;
  readonly start: number;
  readonly timeSource: ScanRecord['timeSource'];
  readonly complete: boolean;
  readonly truncated: boolean;
  readonly vantage: string;
  readonly submittedBy: ImportedScan['submittedBy'];
  readonly declaredBy: ImportedScan['submittedBy'];
}

export const headArb = (tool: Tool): fc.Arbitrary<ScanHeadPlan> =>
  fc.record({
    tool: fc.constant(tool),
    version: mostly<string | null>('7.93', '7.100', '7.9', null),
    feed: mostly<string | null>('202601010000', '202601020000', null),
    // within an hour, or within days
    start: fc.oneof(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 3600 })),
    timeSource: mostly<ScanRecord['timeSource']>('file', 'declared', 'none'),
    complete: mostly(true, true, false),
    truncated: mostly(false, false, true),
    vantage: mostly('main', 'main', 'outside'),
    submittedBy: mostly<ImportedScan['submittedBy']>('coordinator', 'runner', 'organization'),
    declaredBy: mostly<ImportedScan['submittedBy']>('coordinator', 'organization'),
  });

type ScanPlan = { readonly head: ScanHeadPlan; readonly visits: readonly VisitPlan[] };

const scanArb = (...tools: readonly Tool[]): fc.Arbitrary<ScanPlan> =>
  fc
    .constantFrom(...tools)
    .chain((tool) =>
      fc.record({ head: headArb(tool), visits: fc.array(visitArb(tool), { minLength: 0, maxLength: 3 }) }),
    );

/** One to six scans, each with its own hash; their order in the list carries no meaning. */
export const historyArb: fc.Arbitrary<ImportedScan[]> = fc
  .array(scanArb(NESSUS, NESSUS, NMAP), { minLength: 1, maxLength: 6 })
  .map((plans) => plans.map(({ head, visits }, index) => assembled(index + 1, head, visits)));

/** What vouches for the scans of a tool: some assumptions, for some ports and checks. */
const profileArb = (tool: Tool): fc.Arbitrary<RegisteredProfile> =>
  fc
    .record({
      supplies: fc.array(
        fc.record({
          assumption: fc.constantFrom('A-launched', 'A-launched', 'A-ports', 'A-filter'),
          transport: mostly<Transport>('tcp', 'none'),
          ports: mostly('0-65535', '443', '22', ''),
          checks: checksOf(tool),
        }),
        { minLength: 1, maxLength: 5 },
      ),
      minute: mostly(-1, 20),
      sha256: fc.nat().map((number) => number.toString(16).padStart(64, 'a')),
    })
    .map(({ supplies, minute, sha256 }) => ({
      ref: { name: `profile of ${tool.name}`, version: 1, sha256 },
      content: {
        profile: `profile of ${tool.name}`,
        version: 1,
        tool: tool.name,
        title: { en: 'Profile', zh: '方案' },
        supplies,
      },
      registeredAt: time(minute),
    }));

/** A scan as it was sent: with the profile that was named for it, if any. */
export interface SentScan {
  readonly scan: ImportedScan;
  readonly profile: RegisteredProfile | null;
}

/** Several tools that look for the same weaknesses, some of them by a registered profile. */
export const severalToolsArb: fc.Arbitrary<SentScan[]> = fc
  .array(
    scanArb(...EQUIVALENT_TOOLS).chain((plan) =>
      fc.record({
        plan: fc.constant(plan),
        profile: fc.option(mostly(plan.head.tool, ...EQUIVALENT_TOOLS).chain(profileArb), {
          nil: null,
          freq: 4,
        }),
      }),
    ),
    { minLength: 1, maxLength: 6 },
  )
  .map((sent) =>
    sent.map(({ plan: { head, visits }, profile }, index) => ({
      scan: assembled(index + 1, head, visits),
      profile,
    })),
  );
/** What `scan` would have been later, had it seen the same or nothing. */
export function madeAgain(
  scan: ImportedScan,
  { minutes, number, clean }: { readonly minutes: number; readonly number: number; readonly clean: boolean },
): ImportedScan {
  const later = (at: string | null): string | null =>
    at === null ? null : new Date(Date.parse(at) + minutes * MINUTE).toISOString();
  const moved = <T extends { startedAt: string | null; finishedAt: string | null }>(one: T): T => ({
    ...one,
    startedAt: later(one.startedAt),
    finishedAt: later(one.finishedAt),
  });
  return {
    ...scan,
    scan: { ...moved(scan.scan), sha256: `c${number}`.padEnd(64, 'c') },
    assets: scan.assets.map(moved),
    observations: clean ? scan.observations.filter((one) => one.verdict !== 'present') : scan.observations,
  };
}

/** Histories in which one of the scans is made again, clean, several times over days: enough for a balanced asset. */
export const sampledHistoryArb: fc.Arbitrary<ImportedScan[]> = fc
  .record({
    history: historyArb,
    pick: fc.nat(),
    times: fc.constantFrom(0, 4, 5, 6),
    step: fc.constantFrom(300, 360, 500),
  })
  .map(({ history, pick, times, step }) => {
    const scan = history[pick % history.length];
    const again = Array.from({ length: scan === undefined ? 0 : times }, (_, number) => number);
    return [
      ...history,
      ...again.flatMap((number) =>
        scan === undefined ? [] : [madeAgain(scan, { minutes: 3700 + number * step, number, clean: true })],
      ),
    ];
  });
