import { type AccessObject, CATALOGUE, REGISTER_KINDS, type RegisterKind } from '@backcheck/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { OrganizationSelect } from '../app/OrganizationSelect.tsx';
import { queryString } from '../app/request.ts';
import { allows, useAccess } from '../app/use-access.ts';
import { useLanguage } from '../i18n/use-language.ts';
import { Field } from '../ui/Field.tsx';

const FORMATS = { xlsx: 'Excel', csv: 'CSV' } as const;

/** Systems go with assets. */
const OBJECTS: Readonly<Record<RegisterKind, AccessObject>> = {
  organization: 'organization',
  system: 'asset',
  asset: 'asset',
  contact: 'contact',
};

/** Registers as files, in the language on screen; nothing for whoever may export none. */
export function Exports() {
  const { t } = useTranslation();
  const language = useLanguage();
  const { data: access } = useAccess();
  const [organizationId, setOrganizationId] = useState<string | undefined>(undefined);
  const kinds = REGISTER_KINDS.filter((kind) => allows(access, { object: OBJECTS[kind], action: 'export' }));
  if (kinds.length === 0) return null;
  return (
    <section className="panel" aria-labelledby="exports-title">
      <h2 id="exports-title">{t('registers.export.title')}</h2>
      <p className="hint">{t('registers.export.hint')}</p>
      <Field id="export-node" label={t('registers.export.node')}>
        <OrganizationSelect
          id="export-node"
          allowClear
          value={organizationId}
          placeholder={t('registers.export.all')}
          onChange={setOrganizationId}
        />
      </Field>
      <ul className="downloads">
        {kinds.map((kind) => {
          const register = CATALOGUE[kind].label[language];
          return (
            <li key={kind}>
              <span>{register}</span>
              {(['xlsx', 'csv'] as const).map((format) => (
                <a
                  key={format}
                  href={`/api/v1/registers/${kind}/export${queryString({ format, organizationId, language })}`}
                  download
                  aria-label={t('registers.export.as', { register, format: FORMATS[format] })}
                >
                  {FORMATS[format]}
                </a>
              ))}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
