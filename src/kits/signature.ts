import { escapeMarkup } from '#kernel/markup.ts'
import { altOf, type Kit } from '#kits/kit.ts'

/** How wide the drawing stands in a mail, in pixels; it is made twice as large for fine screens. */
const shown = { width: 160, height: 100 }

/** Answers the end of an e-mail as HTML: a table with styles of its own, because mail programs know no others. The drawing has words, and everything is said without it. */
export function signatureOf(kit: Kit, origin: string, off: string): string {
  const { title, when, where, address, slug, week } = kit
  const line = (words: string, style: string): string =>
    words === '' ? '' : `<div style="${style}">${escapeMarkup(words)}</div>`
  const to = escapeMarkup(address)
  return [
    '<table role="presentation" cellpadding="0" cellspacing="0" border="0"><tr>',
    `<td style="padding:0 16px 0 0;vertical-align:top"><a href="${to}">`,
    `<img src="${escapeMarkup(`${origin}/kit/${slug}/signature.png`)}" width="${shown.width}" height="${shown.height}"`,
    ` alt="${escapeMarkup(altOf(kit))}" style="display:block;border:0;border-radius:6px"></a></td>`,
    '<td style="border-left:4px solid #ffb31a;padding:0 0 0 16px;vertical-align:top;color:#2b1a3b;',
    'font:16px/1.5 Verdana,Arial,sans-serif">',
    line(kit.cancelled ? off : '', 'font-weight:bold'),
    line(title, 'font-size:18px;font-weight:bold'),
    line(when, ''),
    line(where, ''),
    line(week, 'color:#155e64'),
    `<div><a href="${to}" style="color:#155e64">${escapeMarkup(address.replace(/^https?:\/\//, ''))}</a></div>`,
    '</td></tr></table>',
  ]
    .join('')
    .replaceAll(' style=""', '')
}
