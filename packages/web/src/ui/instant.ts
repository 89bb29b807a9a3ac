const two = (value: number): string => String(value).padStart(2, '0');

/** `+08:00`, the zone of the person who looks, at that moment (summer time included). */
export function offsetOf(at: Date): string {
  const minutes = -at.getTimezoneOffset();
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

/** `2026-11-21 11:20 +08:00`: never a time without its zone, since papers with it cross borders and servers. */
export function localInstant(instant: string): string {
  const at = new Date(instant);
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day} ${two(at.getHours())}:${two(at.getMinutes())} ${offsetOf(at)}`;
}

/** `2026-11-21 03:20:07 UTC`. */
export function utcInstant(instant: string): string {
  return `${new Date(instant).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

const STEPS = [
  { unit: 'year', seconds: 365 * 86_400 },
  { unit: 'month', seconds: 30 * 86_400 },
  { unit: 'day', seconds: 86_400 },
  { unit: 'hour', seconds: 3_600 },
  { unit: 'minute', seconds: 60 },
] as const;

/** How long ago, in the largest whole unit, at least a minute: `12 days`, `12天`. Months are 30 days, years 365. */
export function age(instant: string, now: number, locale: string): string {
  const seconds = Math.max(0, (now - new Date(instant).getTime()) / 1000);
  const step = STEPS.find((one) => seconds >= one.seconds) ?? { unit: 'minute', seconds: 60 };
  const value = Math.max(1, Math.floor(seconds / step.seconds));
  return new Intl.NumberFormat(locale, { style: 'unit', unit: step.unit, unitDisplay: 'long' }).format(value);
}

const TIME_STYLES = { day: {}, minute: { timeStyle: 'short' }, second: { timeStyle: 'medium' } } as const;

/** `21 Nov 2026, 11:20` or `2026年11月21日 11:20`, in the reader's zone. */
export function inLanguage(instant: string, language: 'zh' | 'en', to: keyof typeof TIME_STYLES): string {
  const locale = language === 'zh' ? 'zh-CN' : 'en-GB';
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', ...TIME_STYLES[to] }).format(
    new Date(instant),
  );
}
