import { IMPORT_STATE_LABELS, type Import } from '@backcheck/contract';
import { Link } from '@tanstack/react-router';
import { Alert, Button, Progress } from 'antd';
import { useTranslation } from 'react-i18next';
import { useLanguage } from '../i18n/use-language.ts';
import { Failure } from '../ui/Failure.tsx';
import { ImportHead } from './ImportHead.tsx';
import { RefusedImport } from './RefusedImport.tsx';
import { Sheet } from './Sheet.tsx';
import { TimeMissing } from './TimeMissing.tsx';
import type { Origin } from './upload.ts';
import { useDecideImport, useImport } from './use-imports.ts';

interface ImportCardProps {
  readonly id: string;
  /** Takes the card off the screen; null where the list decides. */
  readonly onForget: (() => void) | null;
  /** Sends the same file again; null when this browser no longer holds it. */
  readonly onAgain: ((origin: Origin) => void) | null;
}

/** One import from the last byte of its upload to its end. */
export function ImportCard({ id, onForget, onAgain }: ImportCardProps) {
  const { data, error, refetch } = useImport(id);
  if (error !== null) return <Failure error={error} retry={() => void refetch()} />;
  if (data === undefined || data.state === 'discarded') return null;
  return (
    <article className="card" aria-label={data.fileName} data-state={data.state}>
      <ImportHead of={data} />
      <Body of={data} onForget={onForget} onAgain={onAgain} />
    </article>
  );
}

function Body({ of, onForget, onAgain }: Omit<ImportCardProps, 'id'> & { readonly of: Import }) {
  if (of.state === 'refused') return <RefusedImport problem={of.problem} onForget={onForget} />;
  if (of.state === 'ready') return <ReadyImport of={of} onForget={onForget} onAgain={onAgain} />;
  if (of.state === 'done') return <DoneImport of={of} />;
  return <Working of={of} />;
}

function Working({ of }: { readonly of: Import }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { bytesRead, bytesTotal, observations } = of.progress;
  const percent = bytesTotal === 0 ? 0 : Math.floor((bytesRead / bytesTotal) * 100);
  return (
    <>
      <p>
        {IMPORT_STATE_LABELS[of.state][language]} · {t('progress.observations', { count: observations })}
      </p>
      <Progress percent={percent} status="active" aria-label={IMPORT_STATE_LABELS[of.state][language]} />
    </>
  );
}

function ReadyImport({ of, onForget, onAgain }: Omit<ImportCardProps, 'id'> & { readonly of: Import }) {
  const { t } = useTranslation();
  const decide = useDecideImport(of.id);
  const discard = () => decide.mutate('discard', { onSuccess: () => onForget?.() });
  const again =
    onAgain === null
      ? null
      : (origin: Origin) => decide.mutate('discard', { onSuccess: () => onAgain(origin) });
  return (
    <>
      {of.alreadyImported ? <Alert type="info" showIcon title={t('sheet.alreadyImported')} /> : null}
      {of.timeSource === 'none' ? <TimeMissing of={of} onAgain={again} /> : null}
      {of.sheet === null ? null : <Sheet sheet={of.sheet} done={false} />}
      {decide.error === null ? null : <Failure error={decide.error} />}
      <div className="actions">
        <Button
          type="primary"
          size="large"
          loading={decide.isPending}
          onClick={() => decide.mutate('confirm')}
        >
          {t('sheet.confirm')}
        </Button>
        <Button size="large" disabled={decide.isPending} onClick={discard}>
          {t('sheet.discard')}
        </Button>
      </div>
    </>
  );
}

function DoneImport({ of }: { readonly of: Import }) {
  const { t } = useTranslation();
  return (
    <>
      {of.alreadyImported ? <Alert type="info" showIcon title={t('sheet.alreadyImported')} /> : null}
      {of.sheet === null ? null : <Sheet sheet={of.sheet} done />}
      <div className="actions">
        <Link
          className="button-link"
          to="/findings"
          search={{ organizationId: of.organizationId, sort: 'lastChange' }}
        >
          {t('sheet.seeFindings')}
        </Link>
      </div>
    </>
  );
}
