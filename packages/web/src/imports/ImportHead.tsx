import { IMPORT_STATE_LABELS, type Import, PARTY_LABELS, TIME_SOURCE_LABELS } from '@backcheck/contract';
import { useTranslation } from 'react-i18next';
import { OrganizationName } from '../app/OrganizationName.tsx';
import { useLanguage } from '../i18n/use-language.ts';
import { fileSize } from '../ui/file-size.ts';
import { When } from '../ui/When.tsx';

/** Which file, made by which tool, when, seen from where, sent by whom. */
export function ImportHead({ of }: { readonly of: Import }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const tool =
    of.tool === null ? null : [of.tool.name, of.tool.version].filter((part) => part !== null).join(' ');
  return (
    <header className="card-head">
      <div className="card-title">
        <h2 className="file-name">{of.fileName}</h2>
        <span className={`tag import-${of.state}`} role="status">
          {IMPORT_STATE_LABELS[of.state][language]}
        </span>
      </div>
      <ul className="facts">
        <li>
          <OrganizationName of={of.organization} />
        </li>
        <li>{fileSize(of.sizeBytes, language)}</li>
        {tool === null ? null : <li>{tool}</li>}
        {of.tool?.feed == null ? null : <li>{t('head.feed', { feed: of.tool.feed })}</li>}
        {of.timeSource === null ? null : (
          <li>
            {of.scanStartedAt === null ? null : <When at={of.scanStartedAt} />}{' '}
            {TIME_SOURCE_LABELS[of.timeSource][language]}
            {of.timeSource === 'declared' && of.declaredBy !== null
              ? ` (${PARTY_LABELS[of.declaredBy][language]})`
              : null}
          </li>
        )}
        <li>{t('head.vantage', { vantage: of.vantage })}</li>
        <li>{t('head.submittedBy', { party: PARTY_LABELS[of.submittedBy][language] })}</li>
      </ul>
    </header>
  );
}
