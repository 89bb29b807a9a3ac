import { IDENTIFIER_LABELS } from '@backcheck/contract';
import { type Identifier, identifierOfIdentity } from '@backcheck/core';
import { useLanguage } from '../i18n/use-language.ts';

/** `192.0.2.7 IP address`. */
export function IdentifierText({ kind, value }: Identifier) {
  const language = useLanguage();
  return (
    <span className="identifier-text">
      {value} <small>{IDENTIFIER_LABELS[kind][language]}</small>
    </span>
  );
}

/** The name that scans give an asset, as a person reads it. */
export function AssetName({ identity }: { readonly identity: string }) {
  const identifier = identifierOfIdentity(identity);
  return identifier === null ? <span>{identity}</span> : <IdentifierText {...identifier} />;
}
