package io.farheap.transport.session;

import io.farheap.transport.AuthenticationException;
import io.farheap.transport.TransportException;
import io.farheap.transport.security.TlsFiles;
import io.farheap.transport.security.TokenFile;
import io.farheap.transport.wire.Attach;
import io.farheap.transport.wire.Attached;
import io.farheap.transport.wire.Challenge;
import io.farheap.transport.wire.FrameChecker;
import io.farheap.transport.wire.FrameChecksum;
import io.farheap.transport.wire.FrameLayout;
import io.farheap.transport.wire.Hello;
import io.farheap.transport.wire.Message;
import io.farheap.transport.wire.Opcode;
import io.farheap.transport.wire.Proof;
import io.farheap.transport.wire.Protocol;
import io.farheap.transport.wire.Status;
import io.farheap.transport.wire.WireException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;

/** Makes connections: TCP, TLS if wanted, HELLO and ATTACH. Blocks, with a deadline. */
final class Connector {
  private static final long PAUSE_NANOS = 50_000;

  private final Surroundings surroundings;
  private final long timeoutNanos;
  private final long features;

  /** Null without TLS. */
  private final SSLContext tls;

  private final Optional<TokenFile.Entry> token;
  private final SecureRandom random = new SecureRandom();

  Connector(SessionOptions options, long features) {
    this.surroundings = options.surroundings();
    this.timeoutNanos = options.connectNanos();
    this.features = features;
    this.tls = options.tls().map(TlsFiles::context).orElse(null);
    this.token = options.tokenFile().map(Connector::onlyToken);
  }

  private static TokenFile.Entry onlyToken(Path file) {
    List<TokenFile.Entry> entries = TokenFile.read(file);
    if (entries.size() > 1) {
      throw new TransportException(
          file + " has " + entries.size() + " tokens; a client's file has one");
    }
    return entries.getFirst();
  }

  /**
   * A link on which the next request is the one after ATTACH.
   *
   * @param link the link
   * @param checker has checked the replies so far
   * @param nextSequence number of the next request
   * @param attached what the server said
   * @param serverId which server it is, or which life of it
   * @param features features that both sides know, as bits
   */
  @SuppressWarnings("ArrayRecordComponent") // Never compared as a whole.
  record Attachment(
      Link link,
      FrameChecker checker,
      int nextSequence,
      Attached attached,
      byte[] serverId,
      long features) {}

  /** The server has forgotten the lease. */
  static final class LeaseLost extends IOException {
    private static final long serialVersionUID = 1L;

    LeaseLost(String message) {
      super(message);
    }
  }

  /**
   * Connects and attaches.
   *
   * @throws LeaseLost if the server does not know the lease any more
   * @throws AuthenticationException if one side does not accept the other
   * @throws IOException if the server cannot be reached
   */
  Attachment connect(ServerAddress address, byte[] lease, long session) throws IOException {
    long deadlineNanos = surroundings.nanoTime() + timeoutNanos;
    Link plain = surroundings.connect(address, timeoutNanos);
    boolean connected = false;
    try {
      Link link = tls == null ? plain : secure(plain.channel(), address, deadlineNanos);
      Attachment attachment = new Greeting(link, deadlineNanos).attach(lease, session);
      connected = true;
      return attachment;
    } catch (SSLException e) {
      // The server's word on the client's certificate may come as late as this.
      throw refused(address, e);
    } catch (WireException e) {
      throw new IOException("what answers at " + address + " is no memory server", e);
    } finally {
      if (!connected) {
        plain.close();
      }
    }
  }

  private Link secure(SocketChannel channel, ServerAddress address, long deadlineNanos)
      throws IOException {
    SSLEngine engine = tls.createSSLEngine(address.host(), address.port());
    engine.setUseClientMode(true);
    TlsFiles.restrict(engine);
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    engine.setSSLParameters(parameters);
    TlsLink link = new TlsLink(channel, engine);
    link.handshake(deadlineNanos);
    return link;
  }

  private static AuthenticationException refused(ServerAddress address, SSLException cause) {
    return new AuthenticationException(
        "no TLS session with "
            + address
            + " ("
            + cause.getMessage()
            + "); check tls-ca, tls-cert and the name in the server's certificate",
        cause);
  }

  /** The first two requests and replies on a link. */
  private final class Greeting {
    private final Link link;
    private final long deadlineNanos;
    private final FrameChecker checker = FrameChecker.ofReplies();
    private final ByteBuffer frame = ByteBuffer.allocate(Protocol.MAX_UNATTACHED_FRAME_BYTES);
    private int sequence;

    Greeting(Link link, long deadlineNanos) {
      this.link = link;
      this.deadlineNanos = deadlineNanos;
    }

    Attachment attach(byte[] lease, long session) throws IOException {
      byte[] nonce = new byte[Protocol.ID_BYTES];
      random.nextBytes(nonce);
      Hello hello =
          new Hello(
              Protocol.VERSION,
              Protocol.VERSION,
              features,
              nonce,
              token.map(TokenFile.Entry::tenant).orElse(""));
      Challenge challenge = Challenge.decode(ask(Opcode.HELLO, hello.encode()));
      if ((challenge.features() & features) != features) {
        throw new TransportException(lacking(features & ~challenge.features()));
      }
      byte[] proof = new byte[Protocol.PROOF_BYTES];
      if (challenge.tokenWanted()) {
        byte[] secret =
            token
                .map(TokenFile.Entry::token)
                .orElseThrow(
                    () ->
                        new AuthenticationException(
                            "the server wants a token: name its file by token-file", null));
        proof = Proof.of(secret, hello, challenge);
      }
      Attached attached =
          Attached.decode(ask(Opcode.ATTACH, new Attach(proof, lease, session).encode()));
      return new Attachment(
          link, checker, sequence, attached, challenge.serverId(), challenge.features());
    }

    private static String lacking(long missing) {
      return (missing & Protocol.FEATURE_REGISTERED_SLABS) != 0
          ? "the memory server has no RDMA device; start it with rdma=ADDRESS, or reach it by tcp:"
          : "the memory server does not let its slabs be mapped; give it a folder such as /dev/shm"
              + " as its memory-file, or reach it by tcp:";
    }

    private ByteBuffer ask(Opcode opcode, byte[] payload) throws IOException {
      int headerBytes = FrameLayout.headerBytes(opcode);
      int frameBytes = headerBytes + payload.length;
      frame.clear().put(headerBytes, payload).limit(frameBytes);
      FrameLayout.putHeader(frame, 0, frameBytes, opcode, 0, Status.OK, sequence++, 0, 0, 0);
      new FrameChecksum().seal(frame, 0, frameBytes);
      while (frame.hasRemaining() || link.hasUnsent()) {
        link.write(frame);
        if (frame.hasRemaining() || link.hasUnsent()) {
          pause();
        }
      }
      return receive();
    }

    private ByteBuffer receive() throws IOException {
      frame.clear().limit(FrameLayout.HELLO_HEADER_BYTES); // no frame is shorter
      fill();
      int frameBytes = FrameChecker.frameBytes(frame, 0, Protocol.MAX_UNATTACHED_FRAME_BYTES);
      frame.limit(frameBytes);
      fill();
      checker.check(frame, 0, frameBytes);
      ByteBuffer payload = FrameLayout.payload(frame, 0, frameBytes);
      return switch (checker.status()) {
        case OK -> payload;
        case LEASE_LOST -> throw new LeaseLost(Message.decode(payload));
        case UNAUTHENTICATED, BAD_VERSION ->
            throw new AuthenticationException(
                "the server refuses: " + Message.decode(payload), null);
        default -> throw new LinkFailure(Replies.message(checker, payload));
      };
    }

    private void fill() throws IOException {
      while (frame.hasRemaining()) {
        int count = link.read(frame);
        if (count < 0) {
          throw new LinkFailure("the server ended the connection before it was attached");
        }
        if (count == 0) {
          pause();
        }
      }
    }

    private void pause() throws IOException {
      if (surroundings.nanoTime() - deadlineNanos >= 0) {
        throw new LinkFailure("the server did not answer in time");
      }
      surroundings.pause(PAUSE_NANOS);
    }
  }
}
