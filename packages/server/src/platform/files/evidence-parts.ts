import { join } from 'node:path';
import { type EvidenceKeys, openEvidenceKeys } from '../keys/evidence-keys.ts';
import { type FileStore, openFileStore } from './file-store.ts';
import { openPartFiles, type PartFiles } from './part-files.ts';
import { type S3Bucket, s3Blobs } from './s3-blobs.ts';
import { type VirusScan, type VirusScanner, virusScanner } from './virus-scan.ts';

/** What configuration says about files (docs/configuration.md). */
export interface EvidenceSettings {
  /** Keys of the file store. */
  readonly keyFile: string;
  /** Null: a folder of this machine. */
  readonly s3: S3Bucket | null;
  /** Of one upload. */
  readonly mostBytes: number;
  /** Uploads of one account that nothing has taken yet. */
  readonly most: number;
  /** Null: nobody looks for viruses. */
  readonly virusScan: VirusScan | null;
  /** While the scanner is away, files may be used all the same. */
  readonly takeUnscanned: boolean;
}

/** What holds where nobody configured anything else. `dataDir` is an absolute path. */
export const standardEvidence = (dataDir: string): EvidenceSettings => ({
  keyFile: join(dataDir, 'keys/evidence-keys.json'),
  s3: null,
  mostBytes: 512 * 2 ** 20,
  most: 100,
  virusScan: null,
  takeUnscanned: false,
});

/** What uploads are made of. */
export interface EvidenceParts extends Pick<EvidenceSettings, 'mostBytes' | 'most' | 'takeUnscanned'> {
  readonly uploads: PartFiles;
  readonly scanner: VirusScanner | null;
}

/** The file store, and what takes uploads in beside it. */
export async function openEvidence(
  folder: string,
  settings: EvidenceSettings,
  now: Date,
): Promise<{ readonly files: FileStore; readonly evidence: EvidenceParts }> {
  const { keyFile, s3, virusScan, mostBytes, most, takeUnscanned } = settings;
  const keys: EvidenceKeys = await openEvidenceKeys(keyFile, now);
  const files = await openFileStore({ folder, keys, now, ...(s3 === null ? {} : { blobs: s3Blobs(s3) }) });
  const uploads = openPartFiles(join(folder, 'uploads'), keys);
  const scanner = virusScan === null ? null : virusScanner(virusScan);
  return { files, evidence: { uploads, scanner, mostBytes, most, takeUnscanned } };
}
