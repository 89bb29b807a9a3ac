import type { RegisterImportState } from '@backcheck/contract';
import { useTranslation } from 'react-i18next';

export function StateTag({ state }: { readonly state: RegisterImportState }) {
  const { t } = useTranslation();
  return <span className={`tag register-${state}`}>{t(`registers.states.${state}`)}</span>;
}
