import type { Policy } from './policy.ts';
import { BOD_19_02 } from './presets/bod-19-02.ts';
import { BOD_22_01 } from './presets/bod-22-01.ts';
import { BOD_26_04 } from './presets/bod-26-04.ts';
import { CN_DEFAULT } from './presets/cn-default.ts';
import { EU_NIS2_STYLE } from './presets/eu-nis2-style.ts';
import { GROUP_30_60_90 } from './presets/group-30-60-90.ts';

/** The policies that come with the product. None is changed: whoever wants another term copies one. */
export const PRESETS: readonly Policy[] = [
  CN_DEFAULT,
  BOD_26_04,
  EU_NIS2_STYLE,
  GROUP_30_60_90,
  BOD_22_01,
  BOD_19_02,
];
