import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useTitle } from '../ui/use-title.ts';
import { ChooseStep } from './ChooseStep.tsx';
import { Exports } from './Exports.tsx';
import { RecentRegisterImports } from './RecentRegisterImports.tsx';
import { Steps } from './Steps.tsx';
import { Templates } from './Templates.tsx';
import './registers.css';

/** Where an import of registers begins, and what was imported before. */
export function RegisterImportsScreen() {
  const { t } = useTranslation();
  useTitle(t('registers.title'));
  const navigate = useNavigate();
  return (
    <div className="screen">
      <h1>{t('registers.title')}</h1>
      <p className="lead">{t('registers.lead')}</p>
      <Steps current="file" />
      <ChooseStep onSent={(id) => void navigate({ to: '/registers/import/$id', params: { id } })} />
      <div className="sheet-downloads">
        <Templates />
        <Exports />
      </div>
      <RecentRegisterImports />
    </div>
  );
}
