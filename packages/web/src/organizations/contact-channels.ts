import type { Language, RegisterFields } from '@backcheck/contract';
import { fieldOf } from '@backcheck/core';

/** Which field a preferred channel uses first. */
const USED_BY: Readonly<Record<string, readonly string[]>> = {
  phone: ['mobile', 'phone'],
  sms: ['mobile'],
  email: ['email'],
  im: ['im'],
};

interface Channel {
  readonly label: string;
  readonly value: string;
  readonly preferred: boolean;
  /** What a telephone or a mail program opens; null: nothing does. */
  readonly href: string | null;
}

const SCHEME: Readonly<Record<string, string>> = { mobile: 'tel', phone: 'tel', email: 'mailto' };

function hrefOf(key: string, value: string): string | null {
  const scheme = SCHEME[key];
  if (scheme === undefined) return null;
  return `${scheme}:${scheme === 'tel' ? value.replaceAll(/[^\d+]/g, '') : value}`;
}

/** How a contact is reached: the preferred way first. */
export function channelsOf(fields: RegisterFields, language: Language): Channel[] {
  const preferred = USED_BY[String(fields['channel'])]?.find((key) => fields[key] !== undefined);
  const channels = ['mobile', 'phone', 'email', 'im'].flatMap((key): Channel[] => {
    const value = fields[key];
    const label = fieldOf('contact', key)?.label[language] ?? key;
    return value === undefined
      ? []
      : [{ label, value: String(value), preferred: key === preferred, href: hrefOf(key, String(value)) }];
  });
  return channels.toSorted((a, b) => Number(b.preferred) - Number(a.preferred));
}
