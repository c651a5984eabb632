package org.springframework.core;

/** What the filter needs of Spring to be compiled without it. */
public interface Ordered {
    int HIGHEST_PRECEDENCE = Integer.MIN_VALUE;
}
