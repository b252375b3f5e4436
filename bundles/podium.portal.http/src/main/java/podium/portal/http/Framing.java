package podium.portal.http;

/// How the end of a message's body is told (RFC 9112, section 6). Strict in both directions: where
/// two programs could disagree about the end of a message, one of them can be made to take a part
/// of the body for the next message, perhaps to another pod.
///
/// @param length bytes of the body for [Kind#LENGTH]
record Framing(Kind kind, long length) {

    enum Kind {
        NONE,
        LENGTH,
        CHUNKED,
        /// Until the connection ends; responses only.
        CLOSE
    }

    static final Framing NONE = new Framing(Kind.NONE, 0);
    private static final Framing CHUNKED = new Framing(Kind.CHUNKED, 0);
    private static final Framing CLOSE = new Framing(Kind.CLOSE, 0);

    /// @throws BadMessageException 400 or 501
    static Framing ofRequest(Head head) throws BadMessageException {
        var coding = head.only("Transfer-Encoding", 400);
        var length = head.only("Content-Length", 400);
        if (coding == null) return length == null ? NONE : ofLength(length, 400);
        if (length != null)
            throw new BadMessageException(400, "both Content-Length and Transfer-Encoding");
        if (!head.isOneOne())
            throw new BadMessageException(400, "Transfer-Encoding in an HTTP/1.0 request");
        if (!coding.strip().equalsIgnoreCase("chunked"))
            throw new BadMessageException(501, "a transfer coding other than chunked");
        return CHUNKED;
    }

    /// @param toHead whether it answers a HEAD request
    /// @throws BadMessageException 502
    static Framing ofResponse(Head head, boolean toHead) throws BadMessageException {
        int status = head.status();
        var coding = head.only("Transfer-Encoding", 502);
        var length = head.only("Content-Length", 502);
        if (coding != null && length != null)
            throw new BadMessageException(502, "both Content-Length and Transfer-Encoding");
        var stated = length == null ? null : ofLength(length, 502);
        if (toHead || status < 200 || status == 204 || status == 304) return NONE;
        if (coding != null) {
            if (!coding.strip().equalsIgnoreCase("chunked"))
                throw new BadMessageException(502, "a transfer coding other than chunked");
            return CHUNKED;
        }
        return stated == null ? CLOSE : stated;
    }

    private static Framing ofLength(String text, int status) throws BadMessageException {
        boolean digits = !text.isEmpty() && text.length() <= 18;
        for (int i = 0; digits && i < text.length(); i++)
            digits = text.charAt(i) >= '0' && text.charAt(i) <= '9';
        if (!digits) throw new BadMessageException(status, "malformed Content-Length");
        long length = Long.parseLong(text);
        return length == 0 ? NONE : new Framing(Kind.LENGTH, length);
    }
}
