import type { ImportState } from '@backcheck/contract';
import { Button, Progress } from 'antd';
import { useTranslation } from 'react-i18next';
import { Failure } from '../ui/Failure.tsx';
import { ImportCard } from './ImportCard.tsx';
import { useImports } from './use-imports.ts';
import type { Upload, Uploads } from './use-uploads.ts';

/** States that still want something: the server works, or a person has to decide. */
const UNFINISHED: ReadonlySet<ImportState> = new Set(['queued', 'reading', 'ready', 'importing']);

/** What was dropped here, then what waits from earlier or was sent by others. */
export function ImportQueue({ uploads }: { readonly uploads: Uploads }) {
  const { t } = useTranslation();
  const list = useImports();
  const mine = new Set(uploads.all.map((one) => one.importId));
  const waiting = (list.data?.items ?? []).filter((one) => UNFINISHED.has(one.state) && !mine.has(one.id));
  if (uploads.all.length === 0 && waiting.length === 0) return null;
  return (
    <section className="queue" aria-label={t('queue.label')}>
      {uploads.all.map((one) =>
        one.importId === null ? (
          <UploadCard key={one.key} upload={one} onForget={() => uploads.forget(one.key)} />
        ) : (
          <ImportCard
            key={one.key}
            id={one.importId}
            onForget={() => uploads.forget(one.key)}
            onAgain={(origin) => {
              uploads.forget(one.key);
              uploads.add([one.file], origin);
            }}
          />
        ),
      )}
      {waiting.map((one) => (
        <ImportCard key={`server-${one.id}`} id={one.id} onForget={null} onAgain={null} />
      ))}
    </section>
  );
}

function UploadCard({ upload, onForget }: { readonly upload: Upload; readonly onForget: () => void }) {
  const { t } = useTranslation();
  return (
    <article className="card" aria-label={upload.file.name}>
      <h2 className="file-name">{upload.file.name}</h2>
      {upload.error === null ? (
        <>
          <p>{upload.share === 0 ? t('upload.waiting') : t('upload.sending')}</p>
          <Progress percent={Math.floor(upload.share * 100)} aria-label={t('upload.sending')} />
        </>
      ) : (
        <>
          <Failure error={upload.error} />
          <Button onClick={onForget}>{t('upload.forget')}</Button>
        </>
      )}
    </article>
  );
}
