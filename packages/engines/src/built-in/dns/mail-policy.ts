/** What the texts of a domain say against forged mail. */

/** RFC 7208 section 4.5: exactly one record may begin so. */
export function spfRecords(texts: readonly string[]): readonly string[] {
  return texts.filter((text) => /^v=spf1(?: |$)/i.test(text));
}

/** It lets everybody through, says nothing about others, or cannot be used. A redirect leaves the word to another name. */
export function isWeakSpf(records: readonly string[]): boolean {
  const [record = '', ...others] = records;
  if (record === '' || others.length > 0) return true;
  const terms = record.toLowerCase().split(/ +/).slice(1);
  const all = terms.find((term) => /^[+\-~?]?all$/.test(term));
  if (all === undefined) return !terms.some((term) => term.startsWith('redirect='));
  return !/^[-~]/.test(all);
}

/** RFC 7489 section 6.6.3: records that begin with "v=DMARC1"; with several there is no policy. */
export function dmarcRecord(texts: readonly string[]): string | null {
  const records = texts.filter((text) => /^v=DMARC1\s*(?:;|$)/.test(text));
  return records.length === 1 ? (records[0] ?? null) : null;
}

/** `inherited`: found at a name above, whose `sp` speaks for names below (RFC 7489 section 6.3). */
export function isWeakDmarc(record: string | null, inherited: boolean): boolean {
  if (record === null) return true;
  const tags = new Map(
    record.split(';').map((part): [string, string] => {
      const [name = '', value = ''] = part.split('=');
      return [name.trim().toLowerCase(), value.trim().toLowerCase()];
    }),
  );
  const policy = (inherited ? tags.get('sp') : undefined) ?? tags.get('p') ?? 'none';
  return !['quarantine', 'reject'].includes(policy) || Number(tags.get('pct') ?? '100') < 100;
}
