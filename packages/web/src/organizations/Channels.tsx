import type { RegisterFields } from '@backcheck/contract';
import { useLanguage } from '../i18n/use-language.ts';
import { channelsOf } from './contact-channels.ts';

/** How a contact is reached, the preferred way first; a number is called by a touch. */
export function Channels({ of: fields }: { readonly of: RegisterFields }) {
  const language = useLanguage();
  return channelsOf(fields, language).map(({ label, value, preferred, href }) => {
    const shown = preferred ? <strong>{value}</strong> : value;
    return (
      <span key={`${label} ${value}`} className="identifier">
        {href === null ? shown : <a href={href}>{shown}</a>} <small>{label}</small>
      </span>
    );
  });
}
