import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useOnlyOrganization } from '../app/use-organizations.ts';
import { useTitle } from '../ui/use-title.ts';
import { DropZone } from './DropZone.tsx';
import { ImportQueue } from './ImportQueue.tsx';
import { OrganizationPicker } from './OrganizationPicker.tsx';
import { OriginForm } from './OriginForm.tsx';
import { RecentImports } from './RecentImports.tsx';
import type { Origin } from './upload.ts';
import { useUploads } from './use-uploads.ts';
import './imports.css';

const ORIGIN: Omit<Origin, 'organizationId'> = {
  vantage: 'main',
  submittedBy: 'coordinator',
  declaredAt: null,
  declaredBy: 'coordinator',
  profile: null,
};

export function ImportScreen() {
  const { t } = useTranslation();
  useTitle(t('imports.title'));
  const { only } = useOnlyOrganization();
  const [chosen, setChosen] = useState<string | null>(null);
  const [rest, setRest] = useState(ORIGIN);
  const uploads = useUploads();
  const organizationId = chosen ?? only ?? null;

  const send = (files: readonly File[]) => {
    if (organizationId !== null)
      uploads.add(files, { ...rest, vantage: rest.vantage.trim() || ORIGIN.vantage, organizationId });
  };

  return (
    <div className="screen">
      <h1>{t('imports.title')}</h1>
      <p className="lead">{t('imports.lead')}</p>
      <section className="import-form" aria-label={t('imports.title')}>
        <OrganizationPicker value={organizationId} onChange={setChosen} />
        <DropZone disabled={organizationId === null} onFiles={send} />
        <OriginForm
          origin={{ ...rest, organizationId: organizationId ?? '' }}
          onChange={(part) => setRest((before) => ({ ...before, ...part }))}
        />
      </section>
      <ImportQueue uploads={uploads} />
      <RecentImports />
    </div>
  );
}
