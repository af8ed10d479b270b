package javax.annotation;

/** Stands in for the annotation of that name, which generated code bears and nothing here reads. */
public @interface Generated {
  String[] value();

  String comments() default "";
}
