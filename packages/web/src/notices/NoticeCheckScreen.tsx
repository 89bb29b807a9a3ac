import { type IssuedPaper, NOTICE_KIND_LABELS } from '@backcheck/contract';
import { useLocation } from '@tanstack/react-router';
import { Alert, Button, Spin } from 'antd';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLanguage } from '../i18n/use-language.ts';
import { Fact } from '../ui/Fact.tsx';
import { Failure } from '../ui/Failure.tsx';
import { Moment } from '../ui/Moment.tsx';
import { focusField, TextField } from '../ui/TextField.tsx';
import { useTitle } from '../ui/use-title.ts';
import { LedgerFact } from './LedgerFact.tsx';
import { useIssuedPaper } from './use-notice-office.ts';
import './office.css';

const FIELD = 'paper-hash';

/** As somebody types it from a paper; null: it cannot be one. */
function hashIn(text: string): string | null {
  const hash = text.replaceAll(/\s/g, '').toLowerCase();
  return /^[0-9a-f]{64}$/.test(hash) ? hash : null;
}

/** Whoever scans the code of a paper comes here, `/notice-check#hash`, with or without an account. */
export function NoticeCheckScreen() {
  const { t } = useTranslation();
  const { hash: scanned } = useLocation();
  const [text, setText] = useState(scanned);
  const [asked, setAsked] = useState(hashIn(scanned));
  const [tried, setTried] = useState(scanned !== '');
  const { data, error, isLoading } = useIssuedPaper(asked);
  useTitle(t('noticePapers.check.title'));
  const malformed = tried && hashIn(text) === null ? t('noticePapers.check.malformed') : undefined;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    setAsked(hashIn(text));
    if (hashIn(text) === null) focusField(FIELD);
  };
  return (
    <section className="screen notice-check" aria-labelledby="notice-check-title">
      <h1 id="notice-check-title">{t('noticePapers.check.title')}</h1>
      <p className="lead">{t('noticePapers.check.lead')}</p>
      <form noValidate onSubmit={submit}>
        <TextField
          id={FIELD}
          label={t('noticePapers.check.hash')}
          hint={t('noticePapers.check.hashHint')}
          error={malformed}
          autoComplete="off"
          maxLength={200}
          value={text}
          onChange={setText}
        />
        <Button type="primary" htmlType="submit" loading={isLoading}>
          {t('noticePapers.check.check')}
        </Button>
      </form>
      <div aria-live="polite">
        {isLoading ? <Spin description={t('loading')} delay={300} /> : null}
        {error === null ? null : <Failure error={error} />}
        {data === undefined ? null : <PaperFacts paper={data} />}
      </div>
    </section>
  );
}

function PaperFacts({ paper }: { readonly paper: IssuedPaper }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const stands = paper.state === 'issued';
  return (
    <>
      <Alert
        type={stands ? 'success' : 'error'}
        showIcon
        title={t(`noticePapers.check.${paper.state === 'issued' ? 'genuine' : paper.state}`)}
        description={t('noticePapers.check.compare')}
      />
      <dl className="pairs">
        <Fact label={t('noticePapers.check.number')}>
          <strong>{paper.number}</strong>
        </Fact>
        <Fact label={t('noticePapers.check.kind')}>{NOTICE_KIND_LABELS[paper.kind][language]}</Fact>
        <Fact label={t('noticePapers.check.authority')}>{paper.authority[language]}</Fact>
        <Fact label={t('noticePapers.check.issuedAt')}>
          <DayThere at={paper.issuedAt} timeZone={paper.timeZone} />
        </Fact>
        {paper.endedAt === null ? null : (
          <Fact label={t('noticePapers.check.endedAt')}>
            <Moment at={paper.endedAt} />
          </Fact>
        )}
        {paper.supersededBy === null ? null : (
          <Fact label={t('noticePapers.check.supersededBy')}>{paper.supersededBy}</Fact>
        )}
        <LedgerFact of={paper.ledger} />
      </dl>
    </>
  );
}

/** The date as the paper has it: in the zone of its office, not in the reader's. */
function DayThere({ at, timeZone }: { readonly at: string; readonly timeZone: string }) {
  const locale = useLanguage() === 'zh' ? 'zh-CN' : 'en-GB';
  const day = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone }).format(new Date(at));
  return <time dateTime={at}>{day}</time>;
}
