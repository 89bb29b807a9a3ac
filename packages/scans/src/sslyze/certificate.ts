import { countAt, listAt, textAt, valueAt } from '../json-value.ts';
import { type Said, say, type Weakness, weakness } from './commands.ts';

/** Undefined: the deployment does not say. */
type Judge = (deployment: unknown) => boolean | undefined;

const trusted = (deployment: unknown): boolean | undefined => {
  const stores = listAt(deployment, 'path_validation_results');
  // Versions 3 to 5 give a chain that was validated; version 5.1 and later also the flag.
  const valid = (store: unknown): boolean =>
    valueAt(store, 'was_validation_successful') === true ||
    listAt(store, 'verified_certificate_chain').length > 0;
  return stores.length === 0 ? undefined : stores.some(valid);
};

const leaf = (deployment: unknown): unknown => valueAt(deployment, 'received_certificate_chain', 0);

const CERTIFICATE: readonly (readonly [Weakness, Judge])[] = [
  [
    weakness('certificate-untrusted', 'medium', 'No known trust store trusts the certificate', ['CWE-295']),
    (deployment) => {
      const known = trusted(deployment);
      return known === undefined ? undefined : !known;
    },
  ],
  [
    weakness('certificate-expired', 'high', 'The certificate has expired', ['CWE-298']),
    (deployment) => {
      const errors = listAt(deployment, 'path_validation_results').map((one) =>
        textAt(one, 'openssl_error_string'),
      );
      if (trusted(deployment) === true) return false;
      // OpenSSL names one fault only, so another one does not mean that it is still valid.
      return errors.some((error) => /expired/i.test(error ?? '')) ? true : undefined;
    },
  ],
  [
    weakness('certificate-hostname', 'medium', 'The certificate is for another name', ['CWE-297']),
    (deployment) => {
      const matches = valueAt(deployment, 'leaf_certificate_subject_matches_hostname');
      return typeof matches === 'boolean' ? !matches : undefined;
    },
  ],
  [
    weakness('weak-signature', 'medium', 'The certificate is signed with a broken hash', ['CWE-328']),
    (deployment) => {
      const hash = valueAt(leaf(deployment), 'signature_hash_algorithm');
      if (hash === null) return false; // Ed25519 and Ed448 take none
      const name = textAt(hash, 'name');
      return name === undefined ? undefined : /^(md[245]|sha-?1)$/i.test(name);
    },
  ],
  [
    weakness('weak-key', 'medium', 'The key of the certificate is too short', ['CWE-326']),
    (deployment) => {
      const key = valueAt(leaf(deployment), 'public_key');
      const bits = countAt(key, 'key_size');
      const algorithm = textAt(key, 'algorithm') ?? '';
      if (/ed25519|ed448/i.test(algorithm)) return false;
      const minimum = minimumBits(algorithm);
      return bits === undefined || minimum === undefined ? undefined : bits < minimum;
    },
  ],
];

/** Smallest key lengths of NIST SP 800-57 part 1, table 2, for 112 bits of strength; "_RSAPublicKey" and the like. */
function minimumBits(algorithm: string): number | undefined {
  if (/rsa|dsapublic/i.test(algorithm) && !/elliptic|ecdsa/i.test(algorithm)) return 2048;
  return /elliptic|^_?ec/i.test(algorithm) ? 224 : undefined;
}

/** With several certificates one bad one is enough, and a good verdict needs all of them. */
export function certificateSaid(attempt: { readonly result: unknown } | 'failed' | undefined): Said[] {
  if (attempt === undefined) return [];
  const deployments = attempt === 'failed' ? [] : listAt(attempt.result, 'certificate_deployments');
  return CERTIFICATE.map(([fault, judge]) => {
    const judged = deployments.map(judge);
    if (judged.includes(true)) return say(fault, true);
    return say(fault, judged.length > 0 && judged.every((bad) => bad === false) ? false : undefined);
  });
}
