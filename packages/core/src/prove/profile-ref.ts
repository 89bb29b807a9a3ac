import type { ScanProfile } from '../cover/profile.ts';
import type { ProfileRef } from '../observe/record.ts';
import { canonical } from './canonical.ts';
import { sha256Hex } from './hash.ts';

/** The name under which certificates speak of a profile: whoever holds the file can hash it again. */
export function profileRef(content: ScanProfile): ProfileRef {
  return { name: content.profile, version: content.version, sha256: sha256Hex(canonical(content)) };
}
