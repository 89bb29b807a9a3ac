import type { FeedName } from '@backcheck/core';
import { UnreadableScan } from '../reader.ts';
import { Unpacked } from '../unpack.ts';
import { walkCveList } from './cve-list.ts';
import { walkEpss } from './epss.ts';
import type { FeedEntries, FeedHead, FeedWalk } from './feed-entry.ts';
import { FeedFlaw, flaw } from './feed-flaw.ts';
import { Ids } from './feed-values.ts';
import { walkKev } from './kev.ts';
import { walkCnnvd, walkCnvd } from './national.ts';
import { walkNvd } from './nvd.ts';

const WALKS: {
  readonly [Name in FeedName]: (bytes: AsyncIterable<Uint8Array>) => FeedWalk<FeedEntries[Name]>;
} = {
  kev: walkKev,
  epss: walkEpss,
  nvd: walkNvd,
  cve: walkCveList,
  cnvd: walkCnvd,
  cnnvd: walkCnnvd,
};

/** Files of a zip that are parts of a feed; of the others a zip holds one file. */
const PARTS: Partial<Record<FeedName, RegExp>> = {
  nvd: /(^|\/)nvdcve-[^/]+\.json$/i,
  cve: /(^|\/)CVE-\d{4}-\d{4,19}\.json$/i,
  cnvd: /\.xml$/i,
  cnnvd: /\.xml$/i,
};
const NO_PART = /(?!)/;

/**
 * Walks a file of a feed as it is published, also in a gzip or in a zip: of NVD, the CVE list and the national databases
 * with many files of it, of the others with one. Memory does not grow with it beyond the ids. Throws `FeedFlaw` at the
 * first thing that is not in order: what was yielded before must then be forgotten, because a feed is used whole or not
 * at all.
 */
export async function* readFeed<Name extends FeedName>(
  feed: Name,
  bytes: AsyncIterable<Uint8Array>,
): FeedWalk<FeedEntries[Name]> {
  const unpacked = new Unpacked(bytes);
  const ids = new Ids();
  let head: FeedHead | null = null;
  let name: string | null = null;
  try {
    for await (const file of unpacked.files(PARTS[feed] ?? NO_PART)) {
      name = file.name;
      const one = yield* name === null ? WALKS[feed](file.bytes) : onceEach(WALKS[feed](file.bytes), ids);
      if (unpacked.damage !== undefined) throw flaw(undefined, '压缩包被截断或已损坏', unpacked.damage);
      head = head === null ? one : headOfBoth(feed, head, one);
    }
    return head ?? { version: null, publishedAt: null };
  } catch (error) {
    throw named(flawOf(error, unpacked.damage), name);
  } finally {
    await unpacked.close();
  }
}

/** Refuses an entry that was in another file of the same zip. */
async function* onceEach<Entry extends FeedEntries[FeedName]>(
  walk: FeedWalk<Entry>,
  ids: Ids,
): FeedWalk<Entry> {
  for (;;) {
    const step = await walk.next();
    if (step.done === true) return step.value;
    for (const entry of step.value) ids.add(undefined, 'id' in entry ? entry.id : entry.cve);
    yield step.value;
  }
}

/** Records of the CVE list are each as new as they are; of files the oldest says how old all of it may be. */
function headOfBoth(feed: FeedName, a: FeedHead, b: FeedHead): FeedHead {
  if (a.publishedAt === null || b.publishedAt === null) return a.publishedAt === null ? a : b;
  return a.publishedAt < b.publishedAt === (feed === 'cve') ? b : a;
}

function flawOf(error: unknown, damage: string | undefined): unknown {
  if (damage !== undefined && error instanceof FeedFlaw)
    return flaw(error.line, '压缩包被截断或已损坏', damage);
  if (!(error instanceof UnreadableScan)) return error;
  return new FeedFlaw({ zh: UNREADABLE[error.code], en: error.message }, error.line, error);
}

/** With the file of the zip that it is about. */
function named(error: unknown, name: string | null): unknown {
  if (name === null || !(error instanceof FeedFlaw)) return error;
  return new FeedFlaw(
    { zh: `${name}：${error.text.zh}`, en: `${name}: ${error.text.en}` },
    error.line,
    error,
  );
}

const UNREADABLE: Readonly<Record<UnreadableScan['code'], string>> = {
  UNKNOWN_FORMAT: '无法识别的格式',
  DAMAGED: '文件已损坏，或不是应有的格式',
  EMPTY: '文件是空的',
  ENCODING: '文件声明的编码无法识别',
  TOO_LARGE: '文件解压后过大',
  SEVERAL_FILES: '压缩包中有多个文件，请解压后逐个上传',
};
