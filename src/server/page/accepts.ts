/** Whether an Accept header field names a media type itself, with a weight above nought (RFC 9110 §12.5.1). A wildcard does
 *  not count: curl's star-slash-star wants no page. */
export function accepts(accept: string | undefined, mediaType: string): boolean {
  return (accept ?? '').split(',').some((range) => {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    return type === mediaType && !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter));
  });
}
