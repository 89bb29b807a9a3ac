import type { AssetPage } from '@backcheck/contract';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { When } from '../ui/When.tsx';
import { shortName } from './short-name.ts';

/** What people said about who is who here; nothing where nobody said anything. */
export function LinkList({ page: { asset, links } }: { readonly page: AssetPage }) {
  const { t } = useTranslation();
  if (links.length === 0) return null;
  return (
    <section aria-labelledby="links-title" className="block">
      <h2 id="links-title">{t('assets.links.title')}</h2>
      <ul className="links">
        {links.map(({ identity, target, from, until, at, by, note }) => (
          <li key={`${identity} ${from}`}>
            {target.id === asset.id ? (
              t('assets.links.here', { name: shortName(identity) })
            ) : (
              <>
                {t('assets.links.away', { name: shortName(identity) })}{' '}
                <Link to="/assets/$assetId" params={{ assetId: target.id }}>
                  {shortName(target.identity)}
                </Link>
              </>
            )}{' '}
            <Time from={from} until={until} />
            <p className="hint">
              {t('assets.questions.answeredBy', { by })} <When at={at} />
              <br />
              {note}
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Time({ from, until }: { readonly from: string | null; readonly until: string | null }) {
  const { t } = useTranslation();
  if (from === null && until === null) return t('assets.links.always');
  return (
    <>
      {from === null ? null : (
        <>
          {t('assets.links.from')} <When at={from} />{' '}
        </>
      )}
      {until === null ? null : (
        <>
          {t('assets.links.until')} <When at={until} />
        </>
      )}
    </>
  );
}
