export interface Device {
  readonly browser: string;
  readonly system: string;
}

/** In this order: each of the later ones also stands in the text of those before it. */
const BROWSERS = [
  ['Edg', 'Edge'],
  ['OPR/', 'Opera'],
  ['MicroMessenger', 'WeChat'],
  ['Firefox', 'Firefox'],
  ['Chrome', 'Chrome'],
  ['Safari', 'Safari'],
] as const;

const SYSTEMS = [
  ['Windows', 'Windows'],
  ['iPhone', 'iOS'],
  ['iPad', 'iPadOS'],
  ['Mac OS X', 'macOS'],
  ['OpenHarmony', 'HarmonyOS'],
  ['Android', 'Android'],
  ['Linux', 'Linux'],
] as const;

/** Roughly what sent a `User-Agent`, to tell one's own devices apart; null: it is not the text of a browser. */
export function deviceOf(userAgent: string | null): Device | null {
  const named = (names: readonly (readonly [string, string])[]) =>
    names.find(([mark]) => userAgent?.includes(mark) === true)?.[1];
  const browser = named(BROWSERS);
  const system = named(SYSTEMS);
  return browser === undefined || system === undefined ? null : { browser, system };
}
