import type { Feed } from '@backcheck/contract';
import { STALE_AFTER_DAYS } from '@backcheck/core';
import { Alert, Button, Modal } from 'antd';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Refusal } from '../app/request.ts';
import { useMay } from '../app/use-access.ts';
import { useLanguage } from '../i18n/use-language.ts';
import { Failure } from '../ui/Failure.tsx';
import { FileButton } from '../ui/FileButton.tsx';
import { Moment } from '../ui/Moment.tsx';
import { isComplete, TextField } from '../ui/TextField.tsx';
import { useFeedVersions, useFetchFeed, useSetFeed, useUploadFeed } from './use-feeds.ts';

interface FeedDialogProps {
  readonly feed: Feed;
  readonly onClose: () => void;
}

/** One feed: a file, an address, and the versions that were taken in. */
export function FeedDialog({ feed, onClose }: FeedDialogProps) {
  const { t } = useTranslation();
  const mayUpdate = useMay({ object: 'feed', action: 'update' });
  return (
    <Modal
      open
      width={720}
      title={t(`feeds.names.${feed.feed}`)}
      onCancel={onClose}
      footer={<Button onClick={onClose}>{t('feeds.close')}</Button>}
    >
      {mayUpdate ? (
        <div className="steps">
          <UploadField feed={feed} />
          <SettingForm feed={feed} />
        </div>
      ) : null}
      <Versions feed={feed} />
    </Modal>
  );
}

function UploadField({ feed: { feed } }: Pick<FeedDialogProps, 'feed'>) {
  const { t } = useTranslation();
  const language = useLanguage();
  const upload = useUploadFeed(feed);
  const { data: done, variables: sent } = upload;
  return (
    <div className="feed-upload">
      <div className="field">
        <FileButton
          id="feed-file"
          label={t('feeds.upload')}
          disabled={upload.isPending}
          onChange={({ target }) => {
            const [file] = target.files ?? [];
            if (file !== undefined) upload.mutate({ file });
            // The same file again, mended, is a change, too.
            target.value = '';
          }}
        />
        <p className="hint">{t(`feeds.formats.${feed}`)}</p>
      </div>
      <div aria-live="polite">
        {upload.isPending ? <p className="hint">{t('feeds.uploading')}</p> : null}
        {done === undefined ? null : (
          <Alert
            type="success"
            showIcon
            title={t('feeds.uploaded', {
              version: done.version ?? '',
              entries: done.entries.toLocaleString(language),
            })}
          />
        )}
        {upload.error === null ? null : <Failure error={upload.error} />}
        {isOlder(upload.error) && sent !== undefined ? (
          <Button danger onClick={() => upload.mutate({ ...sent, older: true })}>
            {t('feeds.useOlder', { name: sent.file.name })}
          </Button>
        ) : null}
      </div>
    </div>
  );
}

const isOlder = (error: Error | null): boolean =>
  error instanceof Refusal && error.problem.code === 'FEED_OLDER';

const isAddress = (text: string): boolean => /^https?:\/\/[^\s/]+/.test(text) && URL.canParse(text);

/** Whole days; null where there are none. */
const daysOf = (text: string): number | null => (/^[1-9]\d{0,3}$/.test(text) ? Number(text) : null);

function SettingForm({ feed }: Pick<FeedDialogProps, 'feed'>) {
  const { t } = useTranslation();
  const save = useSetFeed(feed.feed);
  const fetchNow = useFetchFeed(feed.feed);
  const [address, setAddress] = useState(feed.address ?? '');
  const [days, setDays] = useState(String(feed.staleAfterDays));
  const [tried, setTried] = useState(false);
  const wrongDays = days !== '' && (daysOf(days) ?? 3651) > 3650;
  const errors = {
    'feed-address': address === '' || isAddress(address) ? undefined : t('feeds.addressWrong'),
    'feed-days': wrongDays ? t('feeds.staleAfterWrong') : undefined,
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!isComplete(errors)) return;
    const chosen = daysOf(days);
    const staleAfterDays = chosen === STALE_AFTER_DAYS[feed.feed] ? null : chosen;
    save.mutate({ address: address === '' ? null : address, staleAfterDays });
  };
  const failure = save.error ?? fetchNow.error;
  return (
    <form className="feed-setting" noValidate onSubmit={submit}>
      <TextField
        id="feed-address"
        label={t('feeds.address')}
        hint={t('feeds.addressHint')}
        inputMode="url"
        maxLength={2000}
        value={address}
        error={tried ? errors['feed-address'] : undefined}
        onChange={(text) => setAddress(text.trim())}
      />
      <TextField
        id="feed-days"
        label={t('feeds.staleAfter')}
        hint={t('feeds.staleAfterHint', { count: STALE_AFTER_DAYS[feed.feed] })}
        inputMode="numeric"
        maxLength={4}
        value={days}
        error={tried ? errors['feed-days'] : undefined}
        onChange={(text) => setDays(text.trim())}
      />
      <div className="actions">
        <Button type="primary" htmlType="submit" loading={save.isPending}>
          {t('feeds.save')}
        </Button>
        {feed.address === null ? null : (
          <Button loading={fetchNow.isPending || feed.asked} onClick={() => fetchNow.mutate()}>
            {t('feeds.fetch')}
          </Button>
        )}
      </div>
      <div aria-live="polite">
        {save.isSuccess && failure === null ? <p className="hint">{t('feeds.saved')}</p> : null}
        {failure === null ? null : <Failure error={failure} />}
      </div>
    </form>
  );
}

function Versions({ feed }: Pick<FeedDialogProps, 'feed'>) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { data, error } = useFeedVersions(feed);
  if (error !== null) return <Failure error={error} />;
  if (data === undefined) return null;
  return (
    <section aria-labelledby="feed-versions">
      <h3 id="feed-versions">{t('feeds.history')}</h3>
      {data.items.length === 0 ? <p className="hint">{t('feeds.noVersions')}</p> : null}
      <ul className="rows feed-versions">
        {data.items.map(({ id, version, publishedAt, takenInAt, takenInBy, entries }) => (
          <li key={id}>
            <strong>{version}</strong>
            {publishedAt === null ? null : (
              <>
                {' '}
                {t('feeds.publishedAt')} <Moment at={publishedAt} to="day" />
              </>
            )}
            <small className="line">
              {t('feeds.takenIn')} <Moment at={takenInAt} /> · {takenInBy?.name ?? t('feeds.fetched')} ·{' '}
              {t('feeds.inFile')}: {entries.toLocaleString(language)}
            </small>
          </li>
        ))}
      </ul>
    </section>
  );
}
