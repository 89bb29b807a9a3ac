import type { NoticeDetail } from '@backcheck/contract';
import { useTranslation } from 'react-i18next';
import { useLanguage } from '../i18n/use-language.ts';
import { Failure } from '../ui/Failure.tsx';
import { FileButton } from '../ui/FileButton.tsx';
import { fileSize } from '../ui/file-size.ts';
import { When } from '../ui/When.tsx';
import { useAddCopies } from './use-notices.ts';

interface CopiesPanelProps {
  readonly notice: NoticeDetail;
}

/** What was printed, signed, stamped and scanned: as many files as there are. */
export function CopiesPanel({ notice }: CopiesPanelProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const add = useAddCopies(notice.id);
  if (!notice.mayAddCopies && notice.copiesList.length === 0) return null;
  return (
    <section className="panel" aria-labelledby="copies-title">
      <h2 id="copies-title">{t('notices.copies')}</h2>
      <ul className="rows">
        {notice.copiesList.map(({ no, fileName, sizeBytes, sha256, addedBy, addedAt }) => (
          <li key={no}>
            <a href={`/api/v1/notices/${notice.id}/copies/${no}`} download={fileName} className="file-name">
              {fileName}
            </a>{' '}
            <small>{fileSize(sizeBytes, language)}</small>
            <p className="hint">
              {addedBy.name} <When at={addedAt} /> · SHA-256 <code>{sha256.slice(0, 16)}…</code>
            </p>
          </li>
        ))}
      </ul>
      {notice.mayAddCopies ? (
        <>
          <FileButton
            id="notice-copies"
            label={t('notices.addCopies')}
            aria-describedby="notice-copies-hint"
            multiple
            disabled={add.isPending}
            onChange={({ target }) => {
              add.mutate([...(target.files ?? [])]);
              target.value = '';
            }}
          />
          <p id="notice-copies-hint" className="hint">
            {t('notices.addCopiesHint')}
          </p>
        </>
      ) : null}
      {add.error === null ? null : <Failure error={add.error} />}
    </section>
  );
}
