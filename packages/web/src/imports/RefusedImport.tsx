import type { Import } from '@backcheck/contract';
import { Alert, Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { useLanguage } from '../i18n/use-language.ts';

interface RefusedImportProps {
  readonly problem: Import['problem'];
  readonly onForget: (() => void) | null;
}

/** One sentence and its place in the file; nothing of the file was kept. */
export function RefusedImport({ problem, onForget }: RefusedImportProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  if (problem === null) return null;
  const place = problem.position === undefined ? '' : ` (${t('refused.position', { position: problem.position })})`;
  return (
    <>
      <Alert
        type="error"
        showIcon
        title={problem.title[language]}
        description={`${problem.detail[language]}${place}`}
      />
      {onForget === null ? null : (
        <div className="actions">
          <Button onClick={onForget}>{t('upload.forget')}</Button>
        </div>
      )}
    </>
  );
}
