// SPDX-License-Identifier: Apache-2.0
package io.hostagent.core.trust;

import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.spec.ECFieldFp;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;

/** The curve of all client keys. */
final class P256 {

    static final ECParameterSpec PARAMETERS = parameters();

    private P256() {}

    /** Whether a point lies on the curve: y² = x³ + ax + b, both coordinates in the field. */
    static boolean has(ECPoint point) {
        BigInteger p = ((ECFieldFp) PARAMETERS.getCurve().getField()).getP();
        BigInteger x = point.getAffineX();
        BigInteger y = point.getAffineY();
        BigInteger right =
                x.pow(3)
                        .add(PARAMETERS.getCurve().getA().multiply(x))
                        .add(PARAMETERS.getCurve().getB());
        return x.compareTo(p) < 0
                && y.compareTo(p) < 0
                && y.pow(2).subtract(right).mod(p).signum() == 0;
    }

    /**
     * Whether a half of a signature is one that a signer can have made: neither 0 nor too large.
     */
    static boolean hasScalar(BigInteger number) {
        return number.signum() > 0 && number.compareTo(PARAMETERS.getOrder()) < 0;
    }

    private static ECParameterSpec parameters() {
        try {
            AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
            parameters.init(new ECGenParameterSpec("secp256r1"));
            return parameters.getParameterSpec(ECParameterSpec.class);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This JDK has no P-256", e);
        }
    }
}
