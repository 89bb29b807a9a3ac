import { Upload } from 'antd';
import { useTranslation } from 'react-i18next';

interface DropZoneProps {
  readonly disabled: boolean;
  readonly onFiles: (files: readonly File[]) => void;
}

/** Drop, click, or Enter on the focused area. The file is kept as it is; its format is told by its content. */
export function DropZone({ disabled, onFiles }: DropZoneProps) {
  const { t } = useTranslation();
  return (
    <Upload.Dragger
      multiple
      disabled={disabled}
      showUploadList={false}
      beforeUpload={(file, all) => {
        // Called once for each file with the whole list: the first call takes all of them.
        if (file === all[0]) onFiles(all);
        return Upload.LIST_IGNORE;
      }}
    >
      <p className="drop-title">{disabled ? t('drop.chooseFirst') : t('drop.title')}</p>
      <p className="drop-hint">{t('drop.formats')}</p>
    </Upload.Dragger>
  );
}
