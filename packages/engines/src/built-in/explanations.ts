import type { ExplanationRecord } from '@backcheck/core';

type Words = Pick<ExplanationRecord, 'description' | 'harm' | 'advice'>;

/** What each of our checks is about, by family: its weakness, what follows from it, what to do. */
const FAMILIES: readonly (readonly [checks: RegExp, ...words: [string, string, string]])[] = [
  [
    /^backcheck-tcp:open-port$/,
    'A service can be reached at this port from where the probe ran.',
    'Whatever listens there can be attacked by anybody who reaches the port.',
    'Stop the service or let the firewall admit only those who need it.',
  ],
  [
    /^backcheck-tls:(?:ssl[23]|tls1\.[01])$/,
    'The server still speaks a version of SSL or TLS that has been withdrawn.',
    'Somebody on the way can make both sides use it and then attack its known weaknesses.',
    'Offer TLS 1.2 and 1.3 only.',
  ],
  [
    /^backcheck-tls:(?:[\w-]+-ciphers|cbc-before-tls1\.1)$/,
    'The server accepts a cipher suite that no longer protects a connection.',
    'Somebody on the way may read what is sent, or take the place of the server.',
    'Offer only suites with AES-GCM, AES-CCM or ChaCha20-Poly1305 and a key exchange by ECDHE.',
  ],
  [
    /^backcheck-tls:certificate-/,
    'A client cannot be sure of the server by the certificate that it shows.',
    'People learn to click warnings away, and do so when somebody else answers in place of the server.',
    'Install a certificate that is in date, names this server, has a key of at least 2048 bit RSA or 256 bit ECC, is signed with SHA-256 or better, and send the whole chain with it.',
  ],
  [
    /^backcheck-http:(?:weak-hsts|hsts|no-redirect-to-https)$/,
    'Browsers are not held to encrypted connections with this server.',
    'Somebody on the way can keep a visitor on plain HTTP, read along and change pages.',
    'Redirect HTTP to HTTPS and send Strict-Transport-Security with a max-age of at least half a year.',
  ],
  [
    /^backcheck-http:(?:weak-)?content-security-policy$/,
    'The page does not tell the browser which scripts belong to it.',
    'A script that somebody smuggles into the page runs with the rights of the visitor.',
    "Send a Content-Security-Policy that names the sources of scripts, without 'unsafe-inline' or wildcards.",
  ],
  [
    /^backcheck-http:x-frame-options$/,
    'Other sites may show the page inside their own.',
    'A visitor can be led to click something here while seeing something else.',
    "Send Content-Security-Policy with frame-ancestors 'none' or 'self'.",
  ],
  [
    /^backcheck-http:x-content-type-options$/,
    'Browsers may guess the type of a file from its content.',
    'An uploaded file may run as a script.',
    'Send X-Content-Type-Options: nosniff.',
  ],
  [
    /^backcheck-http:(?:weak-)?referrer-policy$/,
    'Browsers tell other sites the whole address of the page that a visitor comes from.',
    'Addresses can hold names, numbers or keys that others must not learn.',
    'Send Referrer-Policy: strict-origin-when-cross-origin or a stricter one.',
  ],
  [
    /^backcheck-http:cookie-without-/,
    'A cookie lacks an attribute that limits who can read or send it.',
    'A session may be taken over or used from another site.',
    'Set Secure, HttpOnly and SameSite on each cookie that a script does not have to read.',
  ],
  [
    /^backcheck-http:version-disclosed$/,
    'The server names its software and version to everybody.',
    'An attacker knows at once which weaknesses to try.',
    'Switch the version off in the headers of the server and of the application.',
  ],
  [
    /^backcheck-http:stored-request$/,
    'The request that once showed a weakness still gets the same answer.',
    'The weakness can be used as when it was found.',
    'Mend what the finding that the request belongs to describes.',
  ],
  [
    /^backcheck-ssh:protocol-1$/,
    'The server speaks version 1 of SSH, whose design is broken.',
    'Somebody on the way can change or take over a session.',
    'Allow SSH protocol 2 only.',
  ],
  [
    /^backcheck-ssh:/,
    'The SSH server offers algorithms that are no longer strong enough.',
    'Somebody on the way may read or change a session, now or later from a recording.',
    'Name only current algorithms in the configuration of the SSH server and restart it.',
  ],
  [
    /^backcheck-dns:(?:weak-)?(?:spf|dmarc)$/,
    'The domain does not say which servers may send mail in its name, or what to do with mail from others.',
    'Anybody can send mail that seems to come from this domain.',
    'Publish an SPF record that ends in -all and a DMARC record with p=quarantine or p=reject.',
  ],
  [
    /^backcheck-dns:zone-transfer$/,
    'The name server gives the whole zone to whoever asks.',
    'An attacker gets a list of all machines at once.',
    'Allow zone transfers to the secondary name servers only.',
  ],
  [
    /^backcheck-dns:open-recursion$/,
    'The name server looks up names of others for anybody.',
    'It can be used to flood third parties with traffic.',
    'Allow recursive queries from your own networks only.',
  ],
  [
    /^backcheck-banner:version$/,
    'The service tells a version that has known weaknesses.',
    'Those weaknesses can be used unless the vendor has mended them without a new version number.',
    'Update the service.',
  ],
];

/** All empty for a check that is none of ours. */
export function wordsOf(check: string): Words {
  const [, description = '', harm = '', advice = ''] = FAMILIES.find(([checks]) => checks.test(check)) ?? [];
  return { description, harm, advice };
}
