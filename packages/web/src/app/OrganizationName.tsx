import { useLanguage } from '../i18n/use-language.ts';
import { type NamedOrganization, organizationName, useOrganizationName } from './use-organizations.ts';

/** In the language on screen. Where a list does not bring the Chinese name, it is asked for once and kept. */
export function OrganizationName({ of }: { readonly of: NamedOrganization }) {
  const language = useLanguage();
  const missing = of.name === '' || (language === 'zh' && of.nameZh === undefined);
  const found = useOrganizationName(missing ? of.id : undefined);
  return <>{found === '' ? organizationName(of, language) : found}</>;
}
