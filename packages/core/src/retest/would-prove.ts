import { methodBit } from '../cover/depth.ts';
import { checkPrefix } from '../observe/finding-key.ts';
import type { ToRetest } from './plan.ts';
import type { RetestObstacle, WayToProve } from './vocabulary.ts';

/** Tools that read lists of packages, not machines. */
const OF_PACKAGES = new Set(
  'trivy trivy-secret trivy-license grype npm-audit osv-scanner osv-scanner-license dependency-check cyclonedx openvex'.split(
    ' ',
  ),
);
/** Tools that look from inside. */
const FROM_INSIDE = new Set(['lynis', 'xccdf', 'kube-bench', 'prowler']);
/** What people filled in. */
const BY_HAND = new Set(['checklist', 'manual']);
/** Tools whose silence counts with a registered scan profile (docs/formats.md; folder profiles/). */
const WITH_PROFILE = new Set(['nessus', 'greenbone', 'qualys', 'wapiti', 'zap']);

/** What proves a finding that no engine here can, the least effort first. */
export function wouldProve({ key, need }: Pick<ToRetest, 'key' | 'need'>): readonly WayToProve[] {
  const tool = checkPrefix(key.check);
  if (OF_PACKAGES.has(tool)) return ['package-list'];
  if (BY_HAND.has(tool)) return ['on-site-check'];
  const inside = (need.methods & methodBit('local')) !== 0 || need.credential !== 'none';
  if (inside || FROM_INSIDE.has(tool)) return ['credentialed-scan', 'on-site-check'];
  return WITH_PROFILE.has(tool) ? ['registered-profile', 'same-tool'] : ['same-tool'];
}

/** What to do about an obstacle that is not the finding's own. */
export const AGAINST_OBSTACLE: Readonly<Partial<Record<RetestObstacle, readonly WayToProve[]>>> = {
  TOOL_MISSING: ['same-tool'],
  TOOL_TOO_OLD: ['newer-tool'],
  NO_RUNNER: ['other-vantage'],
};
