/** A script of Nmap that can say that something is gone. */
export interface NmapScript {
  /** Matches the place part of its loci; "" where it judges one thing only. */
  readonly place: RegExp;
  /** New connections within one second at most; counted on loopback (Nmap 7.93), where it is fastest, and doubled. */
  readonly burst: number;
  /** Of a script of the asset as a whole: the port through which it looks. */
  readonly through?: number;
}

const single = (burst: number): NmapScript => ({ place: /^$/, burst });

/**
 * Scripts of the categories "safe" that answer also when nothing is wrong: by the tables of nselib/vulns.lua with
 * `vulns.showall`, or by listing all that the server offers. Scripts that exploit, disturb or guess are not here,
 * though their files can prove an absence: a retest repeats detections only.
 */
export const NMAP_SCRIPTS: ReadonlyMap<string, NmapScript> = new Map([
  ['ssl-enum-ciphers', { place: /^(?:SSLv3|TLSv1\.[0-3])(?:#.+)?$/, burst: 300 }],
  ['ssl-cert', { place: /^(?:expired|weak-signature|weak-key|self-signed)$/, burst: 5 }],
  [
    'ssl-dh-params',
    {
      place:
        /^(?:CVE-2015-4000|anonymous-diffie-hellman-key-exchange-mitm-vulnerability|diffie-hellman-key-exchange-(?:insufficient-group-strength|incorrectly-generated-group-parameters))$/,
      burst: 40,
    },
  ],
  ['ssl-poodle', single(10)],
  ['ssl-heartbleed', single(10)],
  ['ssl-ccs-injection', single(5)],
  ['tls-ticketbleed', single(10)],
  [
    'http-security-headers',
    {
      place: /^(?:X-Frame-Options|X-Content-Type-Options|Content-Security-Policy|Strict-Transport-Security)$/,
      burst: 10,
    },
  ],
  ['http-vuln-cve2011-3192', single(5)],
  ['http-vuln-cve2015-1635', single(5)],
  [
    'ssh2-enum-algos',
    {
      place: /^(?:kex|server_host_key|encryption|mac)_algorithms#.+$/,
      burst: 5,
    },
  ],
  ['smb-vuln-ms17-010', { ...single(10), through: 445 }],
]);
