import type { Import } from '@backcheck/contract';
import { Alert, Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { Failure } from '../ui/Failure.tsx';
import { Sheet } from './Sheet.tsx';
import { TimeMissing } from './TimeMissing.tsx';
import type { Origin } from './upload.ts';

interface ReadyImportProps {
  readonly of: Import;
  /** Why the last decision did not go through. */
  readonly error: Error | null;
  readonly busy: boolean;
  readonly onConfirm: () => void;
  readonly onDiscard: () => void;
  /** Null when this browser no longer holds the file. */
  readonly onAgain: ((origin: Origin) => void) | null;
}

/** The sheet was computed and nothing is kept yet: a person decides. */
export function ReadyImport({ of, error, busy, onConfirm, onDiscard, onAgain }: ReadyImportProps) {
  const { t } = useTranslation();
  return (
    <>
      {of.alreadyImported ? <Alert type="info" showIcon title={t('sheet.alreadyImported')} /> : null}
      {of.timeSource === 'none' ? <TimeMissing of={of} onAgain={onAgain} /> : null}
      {of.sheet === null ? null : <Sheet sheet={of.sheet} done={false} />}
      {error === null ? null : <Failure error={error} />}
      <div className="actions">
        <Button type="primary" size="large" loading={busy} onClick={onConfirm}>
          {t('sheet.confirm')}
        </Button>
        <Button size="large" disabled={busy} onClick={onDiscard}>
          {t('sheet.discard')}
        </Button>
      </div>
    </>
  );
}
