const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;

const BINARY = { GiB: 2 ** 30, MiB: 2 ** 20 };

/** A limit, as it was set: `512 MiB`, and not what that is in decimal units. */
export function sizeLimit(bytes: number, locale: string): string {
  const [unit, size] = Object.entries(BINARY).find(([, one]) => bytes > 0 && bytes % one === 0) ?? [];
  return size === undefined ? fileSize(bytes, locale) : `${bytes / size} ${unit}`;
}

/** Decimal units, as file managers show them: `71.3 kB`. */
export function fileSize(bytes: number, locale: string): string {
  const step = Math.min(UNITS.length - 1, bytes < 1 ? 0 : Math.floor(Math.log10(bytes) / 3));
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit: UNITS[step] ?? 'byte',
    maximumFractionDigits: step === 0 ? 0 : 1,
  }).format(bytes / 1000 ** step);
}
