package dev.emc.core.mesh;

import java.util.List;

import org.apache.eventmesh.common.protocol.tcp.Package;
import org.apache.eventmesh.common.protocol.tcp.codec.Codec;

import com.oracle.svm.core.annotate.Substitute;
import com.oracle.svm.core.annotate.TargetClass;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;

/**
 * What a native executable leaves out. The SDK's client puts its codec into each connection, and {@link Link} replaces
 * it before the first byte; but the analysis can't know that, and would take in all of Jackson's data binding.
 */
final class NativeImage {

    private NativeImage() {}
}

@TargetClass(Codec.Encoder.class)
final class NoSdkEncoder {

    @Substitute
    public void encode(ChannelHandlerContext context, Package message, ByteBuf out) {
        throw new IllegalStateException("the SDK's codec is not in use");
    }
}

@TargetClass(Codec.Decoder.class)
final class NoSdkDecoder {

    @Substitute
    public void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        throw new IllegalStateException("the SDK's codec is not in use");
    }
}
