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
  return (
    <>
      <Alert
        type="error"
        showIcon
        title={problem.title[language]}
        description={
          <>
            {problem.detail[language]}{' '}
            {problem.position === undefined ? null : <Position text={problem.position} />}
          </>
        }
      />
      {onForget === null ? null : (
        <div className="actions">
          <Button onClick={onForget}>{t('upload.forget')}</Button>
        </div>
      )}
    </>
  );
}

/** `line 12` in the words of the reader; any other position as the reader of the file gave it. */
function Position({ text }: { readonly text: string }) {
  const { t } = useTranslation();
  const line = /^line (\d+)$/.exec(text)?.[1];
  return (
    <strong>
      {line === undefined ? t('refused.position', { position: text }) : t('refused.line', { line })}
    </strong>
  );
}
