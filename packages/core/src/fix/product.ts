/** A product that a scanner's title names. */
export interface Product {
  readonly name: string;
  /** It gets no more updates: only another one mends that. */
  readonly unsupported: boolean;
}

/**
 * Titles of scanners follow a few forms; what follows none has no product. Seen in the files of Nessus, Greenbone and
 * Qualys: `Product 1.2.x < 1.2.3 …`, `Distribution : package vulnerability (ID)`, `KB5021234: Windows …`,
 * `Product Unsupported Version Detection`, `Product End of Life (EOL) Detection`, `Product Multiple Vulnerabilities (…)`.
 */
const FORMS: readonly { readonly form: RegExp; readonly unsupported?: true; readonly name?: string }[] = [
  {
    form: /^(?:KB\d{6,}: |Security Updates? for Microsoft Windows|MS\d\d-\d{3}: .*Windows)/i,
    name: 'Microsoft Windows',
  },
  {
    form: /^(.{2,60}?) (?:Unsupported (?:Version|Installation)|SEoL|End of Life|EOL|Unsupported$)/i,
    unsupported: true,
  },
  {
    form: /^(?:Ubuntu|Debian|Alma ?Linux|Rocky|Oracle ?Linux|RHEL|Red Hat|CentOS|Amazon ?Linux|SUSE|openSUSE|Fedora|Photon|EulerOS|openEuler|Kylin)\b[^:]{0,120}: (Linux kernel|[A-Za-z0-9][\w.+-]*)/i,
  },
  {
    form: /^([A-Za-z][\w .+/-]{1,60}?) (?:v?\d[\w.]*(?: ?- ?\d[\w.]*)?(?:\.x)? ?)?(?:<=?|>=|before|prior to|earlier than) v?\d/i,
  },
  {
    form: /^([A-Za-z][\w .+/-]{1,60}?) v?\d[\w.]* (?:Multiple |Remote |Denial|Information|Privilege|Security )/i,
  },
  {
    form: /^(Oracle [\w .]{2,40}?|Google Chrome|Mozilla Firefox(?: ESR)?|Adobe [\w ]{2,30}?|Apache [\w ]{2,30}?|Microsoft [\w .]{2,40}?) (?:Multiple|Improper|Security|\((?:Jan|Apr|Jul|Oct))/i,
  },
];

/** Null where the title names none in a form that is known. */
export function productIn(title: string): Product | null {
  for (const { form, unsupported = false, name } of FORMS) {
    const found = form.exec(title);
    if (found === null) continue;
    const subject = name ?? found[1]?.trim() ?? '';
    if (subject !== '') return { name: subject, unsupported };
  }
  return null;
}
